import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { applicationPath } from "../../app/paths.ts"
import { useRefresh } from "../../app/refresh.ts"
import { useMay } from "../../app/session.tsx"
import { Button, ButtonLink } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { ErrorNote } from "../../ui/error-note.tsx"
import { CheckField } from "../../ui/field.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { say } from "../../ui/toast.tsx"
import { USER, USERS, type User } from "./user-words.tsx"

/** The custom roles that every request with the user's token runs with. */
export function UserRoles({ user }: { readonly user: User }): ReactNode {
  const { applicationId } = useApplication()
  const roles = api.useQuery("get", "/admin/v1/applications/{applicationId}/roles", {
    params: { path: { applicationId } },
  })
  return (
    <Card title="Roles">
      <Loaded query={roles} failure="The roles could not be read">
        {(data) => {
          const custom = data.roles.filter(({ isSystem }) => !isSystem).map(({ name }) => name)
          return custom.length === 0 ? (
            <div className="stack-tight">
              <p className="soft">There is no custom role yet. A role bundles what some users may do.</p>
              <div className="row">
                <ButtonLink to={applicationPath(applicationId, "/permissions")}>
                  Roles and permissions
                </ButtonLink>
              </div>
            </div>
          ) : (
            <RoleBoxes user={user} names={custom} />
          )
        }}
      </Loaded>
    </Card>
  )
}

interface RoleBoxesProps {
  readonly user: User
  readonly names: readonly string[]
}

function RoleBoxes({ user, names }: RoleBoxesProps): ReactNode {
  const { applicationId } = useApplication()
  const mayAdminister = useMay("administer")
  const [chosen, setChosen] = useState<readonly string[]>(user.roles)
  const refresh = useRefresh(USER, USERS)
  const set = api.useMutation("put", `${USER}/roles`, {
    onSuccess: async () => {
      await refresh()
      say("Saved the roles. They are in force within five seconds.")
    },
  })
  const error: Error | null = set.error
  return (
    <div className="stack-tight">
      {names.map((name) => (
        <CheckField
          key={name}
          label={<span className="breakable">{name}</span>}
          checked={chosen.includes(name)}
          disabled={!mayAdminister}
          onChange={(event) =>
            setChosen(event.target.checked ? [...chosen, name] : chosen.filter((one) => one !== name))
          }
        />
      ))}
      {error !== null && <ErrorNote error={error} />}
      {mayAdminister && (
        <div className="row">
          <Button
            isBusy={set.isPending}
            onClick={() =>
              set.mutate({
                params: { path: { applicationId, userId: user.userId } },
                body: { roles: [...chosen] },
              })
            }
          >
            Save the roles
          </Button>
        </div>
      )}
    </div>
  )
}
