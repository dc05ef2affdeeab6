import type { ReactNode } from "react"
import { useApplication } from "../../app/application.tsx"
import { useMay } from "../../app/session.tsx"
import { Badge } from "../../ui/badge.tsx"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { SelectField, TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { type Access, type Operation, type Permissions, type Rule, useSetRule } from "./channel-rules.ts"

interface UserRulesProps {
  readonly channel: string
  readonly permissions: Permissions
}

/** Rules of the channel for single users, which decide before those of roles. */
export function UserRules({ channel, permissions }: UserRulesProps): ReactNode {
  const { applicationId } = useApplication()
  const mayChange = useMay("administer")
  const { set, isPending, error } = useSetRule(applicationId, channel)
  const rules = permissions.rules.filter(({ level, user }) => level === "channel" && user !== null)
  const columns: readonly Column<Rule>[] = [
    { head: "User id", cell: ({ user }) => user },
    { head: "Operation", cell: ({ operation }) => operation },
    {
      head: "Access",
      cell: ({ access }) => <Badge tone={access === "grant" ? "good" : "bad"}>{access}</Badge>,
    },
    {
      head: "Change",
      cell: ({ user, operation }) => (
        <Button
          disabled={!mayChange || isPending}
          onClick={() => set({ user: user ?? "" }, operation, "inherit")}
        >
          Take away
        </Button>
      ),
    },
  ]
  return (
    <Card title="Permissions of single users" isFlush={false}>
      <div className="stack">
        <p className="soft">They decide before what the roles of the user say.</p>
        {rules.length > 0 && (
          <Table
            label="Permissions of single users"
            columns={columns}
            rows={rules}
            rowKey={({ user, operation }) => `${user} ${operation}`}
          />
        )}
        {mayChange && (
          <Form
            error={error}
            fields={["user"]}
            onSubmit={({ user = "", operation = "", access = "" }) =>
              set({ user: user.trim() }, operation as Operation, access as Access)
            }
          >
            <TextField name="user" label="User id" required autoComplete="off" />
            <SelectField
              name="operation"
              label="Operation"
              options={permissions.operations
                .filter(({ onChannels }) => onChannels)
                .map(({ operation, meaning }) => ({ value: operation, label: `${operation}: ${meaning}` }))}
            />
            <SelectField
              name="access"
              label="Access"
              options={[
                { value: "grant", label: "Grant" },
                { value: "deny", label: "Deny" },
              ]}
            />
            <FormActions>
              <Button type="submit" isBusy={isPending}>
                Add the rule
              </Button>
            </FormActions>
          </Form>
        )}
      </div>
    </Card>
  )
}
