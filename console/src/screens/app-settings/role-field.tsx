import type { ReactNode } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { SelectField } from "../../ui/field.tsx"

interface RoleFieldProps {
  readonly hint: string
  /** The role that is chosen at first; empty: none. */
  readonly present?: string
  readonly isRequired?: boolean
}

/** One of the custom roles of the application, as the property `role`. */
export function RoleField({ hint, present = "", isRequired = false }: RoleFieldProps): ReactNode {
  const { applicationId } = useApplication()
  const { data } = api.useQuery("get", "/admin/v1/applications/{applicationId}/roles", {
    params: { path: { applicationId } },
  })
  const custom = (data?.roles ?? []).filter(({ isSystem }) => !isSystem).map(({ name }) => name)
  // The present role can be chosen before the others are known: a select takes its first choice from what it begins with.
  const names = present === "" || custom.includes(present) ? custom : [present, ...custom]
  const mayBeNone = !isRequired || present === ""
  return (
    <SelectField
      name="role"
      label="Role"
      defaultValue={present}
      options={[
        ...(mayBeNone ? [{ value: "", label: isRequired ? "Choose a role" : "None" }] : []),
        ...names.map((name) => ({ value: name, label: name })),
      ]}
      hint={
        data !== undefined && custom.length === 0
          ? `${hint} There is none yet: roles are made under Roles and permissions.`
          : hint
      }
    />
  )
}
