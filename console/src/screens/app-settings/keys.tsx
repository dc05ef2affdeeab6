import { Eye, EyeOff, KeyRound, Pencil, Plus, RefreshCw, Trash2 } from "lucide-react"
import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { SECRET } from "../../api/query-client.ts"
import { useApplication } from "../../app/application.tsx"
import { useMay } from "../../app/session.tsx"
import { Badge } from "../../ui/badge.tsx"
import { Button, IconButton } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Copyable } from "../../ui/copy.tsx"
import { Empty } from "../../ui/empty.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { useOnGone } from "../../ui/on-gone.ts"
import { type Column, Table } from "../../ui/table.tsx"
import { now, Time } from "../../ui/time.tsx"
import { type ApiKey, KEYS, nameOf } from "./api-key.ts"
import { ChangeKey } from "./change-key.tsx"
import { hasBounds, KeyAccepted } from "./key-bounds.tsx"
import { NewKey } from "./new-key.tsx"
import { RegenerateKey } from "./regenerate-key.tsx"
import { RevokeKey } from "./revoke-key.tsx"

type Task =
  | { readonly kind: "add" }
  | { readonly kind: "change" | "regenerate" | "revoke"; readonly key: ApiKey }

export function Keys(): ReactNode {
  const { applicationId } = useApplication()
  const mayAdminister = useMay("administer")
  const [isRevealed, setRevealed] = useState(false)
  const [task, setTask] = useState<Task>()
  const params = { path: { applicationId } }
  const keys = api.useQuery("get", KEYS, { params })
  // Each reading leaves an entry in the audit log, so it is read once and forgotten with the screen.
  const revealed = api.useQuery(
    "get",
    KEYS,
    { params: { ...params, query: { reveal: true } } },
    {
      enabled: isRevealed,
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 0,
      refetchOnWindowFocus: false,
      meta: SECRET,
    },
  )
  useOnGone(() => setRevealed(false))
  const actions = mayAdminister && (
    <>
      <Button onClick={() => setRevealed(!isRevealed)} isBusy={revealed.isFetching}>
        {isRevealed ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
        {isRevealed ? "Hide the keys" : "Show the keys"}
      </Button>
      <Button look="primary" onClick={() => setTask({ kind: "add" })}>
        <Plus size={16} aria-hidden />
        Add a key
      </Button>
    </>
  )
  const close = () => setTask(undefined)
  return (
    <Card title="API keys" actions={actions} isFlush>
      <Loaded
        query={isRevealed && revealed.error !== null ? revealed : keys}
        failure="The keys could not be read"
      >
        {({ keys: rows }) =>
          rows.length === 0 ? (
            <Empty icon={KeyRound} title="No key is left">
              Nothing can call this application until a key is added.
            </Empty>
          ) : (
            <KeyTable
              rows={(isRevealed ? revealed.data?.keys : undefined) ?? rows}
              onTask={mayAdminister ? setTask : undefined}
            />
          )
        }
      </Loaded>
      <NewKey isOpen={task?.kind === "add"} onClose={close} />
      {task?.kind === "change" && <ChangeKey apiKey={task.key} onClose={close} />}
      {task?.kind === "regenerate" && <RegenerateKey apiKey={task.key} onClose={close} />}
      {task?.kind === "revoke" && <RevokeKey apiKey={task.key} onClose={close} />}
    </Card>
  )
}

interface KeyTableProps {
  readonly rows: readonly ApiKey[]
  readonly onTask: ((task: Task) => void) | undefined
}

function KeyTable({ rows, onTask }: KeyTableProps): ReactNode {
  const columns: readonly Column<ApiKey>[] = [
    { head: "Type", cell: (key) => <KeyType apiKey={key} /> },
    { head: "Key", cell: (key) => <KeyText apiKey={key} /> },
    { head: "Role", cell: ({ role }) => role },
    { head: "Life", cell: (key) => <KeyLife apiKey={key} /> },
    {
      head: "Last used",
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? "never" : <Time at={lastUsedAt} />),
    },
    // Most applications have no such key, and the room is needed for the keys themselves.
    ...(rows.some(hasBounds)
      ? [{ head: "Accepted", cell: (key: ApiKey) => <KeyAccepted apiKey={key} /> }]
      : []),
    ...(onTask === undefined
      ? []
      : [{ head: "Actions", cell: (key: ApiKey) => <KeyActions apiKey={key} onTask={onTask} /> }]),
  ]
  return <Table label="API keys" columns={columns} rows={rows} rowKey={({ number }) => number} />
}

function KeyType({ apiKey: { kind, label } }: { readonly apiKey: ApiKey }): ReactNode {
  return (
    <span className="breakable">
      {kind} {label !== "" && <span className="soft">{label}</span>}
    </span>
  )
}

function KeyText({ apiKey: { key, kind } }: { readonly apiKey: ApiKey }): ReactNode {
  if (key === undefined) return <span className="soft">hidden</span>
  return <Copyable text={key} what={`the ${kind} key`} />
}

function KeyLife({
  apiKey: { createdAt, expiresAt, previousUntil },
}: {
  readonly apiKey: ApiKey
}): ReactNode {
  const present = now()
  return (
    <span className="stack-tight">
      {expiresAt === null ? (
        <span>
          since <Time at={createdAt} />
        </span>
      ) : expiresAt <= present ? (
        <span>
          <Badge tone="bad">expired</Badge> <Time at={expiresAt} />
        </span>
      ) : (
        <span>
          expires <Time at={expiresAt} />
        </span>
      )}
      {previousUntil !== null && previousUntil > present && (
        <span>
          <Badge tone="warn">two keys</Badge> the old one works until <Time at={previousUntil} />
        </span>
      )}
    </span>
  )
}

interface KeyActionsProps {
  readonly apiKey: ApiKey
  readonly onTask: (task: Task) => void
}

function KeyActions({ apiKey, onTask }: KeyActionsProps): ReactNode {
  const name = nameOf(apiKey)
  return (
    <span className="row">
      <IconButton label={`Change the key ${name}`} onClick={() => onTask({ kind: "change", key: apiKey })}>
        <Pencil size={16} aria-hidden />
      </IconButton>
      <IconButton
        label={`Regenerate the key ${name}`}
        onClick={() => onTask({ kind: "regenerate", key: apiKey })}
      >
        <RefreshCw size={16} aria-hidden />
      </IconButton>
      <IconButton label={`Remove the key ${name}`} onClick={() => onTask({ kind: "revoke", key: apiKey })}>
        <Trash2 size={16} aria-hidden />
      </IconButton>
    </span>
  )
}
