import { type ReactNode, useEffect, useRef, useState } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { Explanation } from "./explanation.tsx"
import type { Operation, OperationName } from "./matrix.ts"
import { UserInput, useUserId } from "./user-choice.tsx"

/** What the form begins with. */
export interface Question {
  readonly operation?: OperationName
  readonly channel?: string
  readonly role?: string
  readonly user?: string
  /** When somebody asked from the table: the form is shown to them. */
  readonly asked?: number
}

/** Which key makes a request run with a role. */
const KEY_OF_ROLE: Readonly<Record<string, string>> = {
  RestUser: "REST",
  JSUser: "JS",
  AndroidUser: "ANDROID",
  IOSUser: "IOS",
  DotNetUser: "WP",
  ASUser: "AS",
  ServerCodeUser: "BL",
}

interface ExplainProps {
  readonly question: Question
  readonly operations: readonly Operation[]
}

/** May this caller do that, and which rule decides? */
export function Explain({ question, operations }: ExplainProps): ReactNode {
  const { applicationId } = useApplication()
  const callers = useCallers()
  const [operation, setOperation] = useState<OperationName>(question.operation ?? "message:publish")
  const [channel, setChannel] = useState(question.channel ?? "default")
  const [caller, setCaller] = useState<string>()
  const [user, setUser] = useState(question.user ?? "")
  const userId = useUserId(user)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (question.asked === undefined) return
    form.current?.scrollIntoView({ block: "center" })
    form.current?.querySelector("select")?.focus()
  }, [question.asked])
  const proposed = callers.find(({ role }) => role !== undefined && role === question.role) ?? callers[0]
  const chosen = caller ?? proposed?.value
  const onChannels = operations.find((one) => one.operation === operation)?.onChannels ?? false
  const explanation = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/explain",
    {
      params: {
        path: { applicationId },
        query: {
          operation,
          ...(onChannels && channel.trim() !== "" && { channel: channel.trim() }),
          ...(userId !== "" && { user: userId }),
          ...callerQuery(chosen ?? ""),
        },
      },
    },
    { enabled: false },
  )
  return (
    <Card title="Why may somebody do this, or not?">
      <div className="stack">
        <form
          ref={form}
          className="place-bar"
          onSubmit={(event) => {
            event.preventDefault()
            void explanation.refetch()
          }}
        >
          <label className="field">
            <span className="field-label">May a request with</span>
            <select className="input" value={chosen} onChange={(event) => setCaller(event.target.value)}>
              {callers.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
          <UserInput value={user} onChange={setUser} label="of the user (or nobody)" />
          <label className="field">
            <span className="field-label">do this</span>
            <select
              className="input"
              value={operation}
              onChange={(event) =>
                setOperation(
                  operations.find((one) => one.operation === event.target.value)?.operation ?? operation,
                )
              }
            >
              {operations.map((one) => (
                <option key={one.operation} value={one.operation}>
                  {one.meaning}
                </option>
              ))}
            </select>
          </label>
          {onChannels && (
            <label className="field">
              <span className="field-label">on the channel</span>
              <input className="input" value={channel} onChange={(event) => setChannel(event.target.value)} />
            </label>
          )}
          <Button
            type="submit"
            look="primary"
            isBusy={explanation.isFetching}
            disabled={chosen === undefined}
          >
            Why?
          </Button>
        </form>
        {(explanation.data !== undefined || explanation.error !== null) && (
          <Loaded query={explanation} failure="The question could not be answered">
            {(data) => <Explanation explained={data} operations={operations} />}
          </Loaded>
        )}
      </div>
    </Card>
  )
}

interface CallerOption {
  readonly value: string
  readonly label: string
  /** The role that its requests run with, by which a question finds it. */
  readonly role: string | undefined
}

/** Everything that a request can come with: the keys, then the host names. */
function useCallers(): readonly CallerOption[] {
  const { applicationId } = useApplication()
  const params = { path: { applicationId } }
  const keys = api.useQuery("get", "/admin/v1/applications/{applicationId}/keys", { params })
  const hosts = api.useQuery("get", "/admin/v1/applications/{applicationId}/hosts", { params })
  return [
    ...(keys.data?.keys ?? []).map(({ number, kind, label, role }) => ({
      value: `key ${number}`,
      label: `the key ${kind} ${label === "" ? number : label}`,
      role: role ?? Object.entries(KEY_OF_ROLE).find(([, of]) => of === kind)?.[0],
    })),
    ...(hosts.data?.hosts ?? []).map(({ host, role }) => ({
      value: `host ${host}`,
      label: `the host name ${host}`,
      role: role ?? undefined,
    })),
  ]
}

function callerQuery(caller: string): { readonly key?: string; readonly host?: string } {
  if (caller.startsWith("key ")) return { key: caller.slice(4) }
  return caller.startsWith("host ") ? { host: caller.slice(5) } : {}
}
