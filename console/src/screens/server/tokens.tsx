import { KeySquare, Plus, Trash2 } from "lucide-react"
import { type ReactNode, useState } from "react"
import { api, type Schema } from "../../api/client.ts"
import { useRefresh } from "../../app/refresh.ts"
import { useMay } from "../../app/session.tsx"
import { Badge } from "../../ui/badge.tsx"
import { Button, IconButton } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Confirm } from "../../ui/confirm.tsx"
import { Empty } from "../../ui/empty.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { Page } from "../../ui/page.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { now, Time } from "../../ui/time.tsx"
import { say } from "../../ui/toast.tsx"
import { AccessText } from "./access-text.tsx"
import { NewToken } from "./new-token.tsx"

type Token = Schema<"AdministratorToken">

/** What programs sign in with. */
export function Tokens(): ReactNode {
  const tokens = api.useQuery("get", "/admin/v1/tokens")
  const [isAdding, setAdding] = useState(false)
  const [revoked, setRevoked] = useState<Token>()
  const add = useMay("administer") && (
    <Button look="primary" onClick={() => setAdding(true)}>
      <Plus size={16} aria-hidden />
      New token
    </Button>
  )
  return (
    <Page
      title="API tokens"
      lead="For programs that call the management API: whatever this Console does, a token can do."
      actions={add}
    >
      <Loaded query={tokens} failure="The tokens could not be read">
        {({ tokens: rows }) => (
          <Card isFlush>
            {rows.length === 0 ? (
              <Empty icon={KeySquare} title="No token">
                Make one for a deployment, a monitor or a script, each with its own scope. It goes into the
                header Authorization: Bearer.
              </Empty>
            ) : (
              <Table
                label="API tokens"
                columns={columnsOf(setRevoked)}
                rows={rows}
                rowKey={({ number }) => number}
              />
            )}
          </Card>
        )}
      </Loaded>
      {isAdding && <NewToken onClose={() => setAdding(false)} />}
      {revoked !== undefined && <RevokeToken token={revoked} onClose={() => setRevoked(undefined)} />}
    </Page>
  )
}

function columnsOf(onRevoke: (token: Token) => void): readonly Column<Token>[] {
  return [
    { head: "Token", cell: (token) => <span className="breakable">{nameOf(token)}</span> },
    {
      head: "May",
      cell: ({ scope, applications }) => <AccessText scope={scope} applications={applications} />,
    },
    {
      head: "Last used",
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? "never" : <Time at={lastUsedAt} />),
    },
    { head: "Expires", cell: ({ expiresAt }) => <Expiry at={expiresAt} /> },
    {
      head: "Actions",
      cell: (token) => (
        <IconButton label={`Revoke ${nameOf(token)}`} onClick={() => onRevoke(token)}>
          <Trash2 size={16} aria-hidden />
        </IconButton>
      ),
    },
  ]
}

function Expiry({ at }: { readonly at: number | null }): ReactNode {
  if (at === null) return "never"
  if (at > now()) return <Time at={at} />
  return (
    <span className="row">
      <Badge tone="bad">expired</Badge> <Time at={at} />
    </span>
  )
}

interface RevokeTokenProps {
  readonly token: Token
  readonly onClose: () => void
}

function RevokeToken({ token, onClose }: RevokeTokenProps): ReactNode {
  const refresh = useRefresh("/admin/v1/tokens")
  const revoke = api.useMutation("delete", "/admin/v1/tokens/{token}", {
    onSuccess: async () => {
      await refresh()
      say(`Revoked ${nameOf(token)}.`)
      onClose()
    },
  })
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={`Revoke ${nameOf(token)}?`}
      action="Revoke"
      isBusy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate({ params: { path: { token: String(token.number) } } })}
    >
      <p>Whatever calls with it is refused from now on. It cannot be brought back.</p>
    </Confirm>
  )
}

function nameOf({ label, number }: Token): string {
  return label === "" ? `token ${number}` : label
}
