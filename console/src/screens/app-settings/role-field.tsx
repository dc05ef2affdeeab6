import type { ReactNode } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { SelectField } from "../../ui/field.tsx"

interface RoleFieldProps {
  readonly hint: string
  readonly isRequired?: boolean
}

/** One of the custom roles of the application, as the property `role`. */
export function RoleField({ hint, isRequired = false }: RoleFieldProps): ReactNode {
  const { applicationId } = useApplication()
  const { data } = api.useQuery("get", "/admin/v1/applications/{applicationId}/roles", {
    params: { path: { applicationId } },
  })
  const custom = (data?.roles ?? []).filter(({ isSystem }) => !isSystem)
  return (
    <SelectField
      name="role"
      label="Role"
      options={[
        { value: "", label: isRequired ? "Choose a role" : "None" },
        ...custom.map(({ name }) => ({ value: name, label: name })),
      ]}
      hint={
        data !== undefined && custom.length === 0
          ? `${hint} There is none yet: roles are made under Roles and permissions.`
          : hint
      }
    />
  )
}
