import { type ReactNode, useState } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { useRefresh } from "../../app/refresh.ts"
import { useMay } from "../../app/session.tsx"
import { Badge } from "../../ui/badge.tsx"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Facts } from "../../ui/facts.tsx"
import { Time } from "../../ui/time.tsx"
import { say } from "../../ui/toast.tsx"
import { Checkup } from "./checkup.tsx"
import { PausedNote } from "./paused-note.tsx"
import {
  CREDENTIAL,
  CREDENTIALS,
  type Credential,
  type Delivery,
  type ProviderFacts,
  SUMMARY_NAMES,
} from "./provider.ts"
import { RemoveCredential } from "./remove-credential.tsx"
import { SetCredential } from "./set-credential.tsx"
import { TestPush } from "./test-push.tsx"

interface ProviderCardProps {
  readonly facts: ProviderFacts
  readonly credential: Credential | undefined
  /** Undefined until it is known. */
  readonly delivery: Delivery | undefined
}

type Task = "set" | "remove" | "push"

/** One provider: what is set, whether it works, and what can be done about it. */
export function ProviderCard({ facts, credential, delivery }: ProviderCardProps): ReactNode {
  const { applicationId } = useApplication()
  const mayOperate = useMay("operate")
  const mayAdminister = useMay("administer")
  const [task, setTask] = useState<Task>()
  const { provider, name } = facts
  const params = { path: { applicationId, provider } }
  const refresh = useRefresh(CREDENTIALS, "/admin/v1/applications/{applicationId}/overview")
  const check = api.useMutation("post", `${CREDENTIAL}/check`)
  const resume = api.useMutation("post", `${CREDENTIAL}/resume`, {
    onSuccess: async () => {
      await refresh()
      say(`${name} sends again.`)
    },
  })
  const runCheck = () => check.mutate({ params })
  const close = () => setTask(undefined)
  const stored = async () => {
    close()
    await refresh()
    say(`The ${name} credential is stored.`)
    runCheck()
  }
  return (
    <Card title={`${name}: ${facts.reaches}`} actions={<State credential={credential} delivery={delivery} />}>
      <div className="stack">
        {credential === undefined ? (
          <Missing facts={facts} delivery={delivery} />
        ) : (
          <CredentialFacts credential={credential} />
        )}
        {credential !== undefined && credential.pausedAt !== null && (
          <PausedNote
            credential={credential}
            isResuming={resume.isPending}
            error={resume.error}
            onResume={mayOperate ? () => resume.mutate({ params }) : undefined}
          />
        )}
        <Checkup label={name} checkup={check.data} error={check.error} isRunning={check.isPending} />
        <div className="row">
          {credential !== undefined && mayOperate && (
            <Button onClick={runCheck} isBusy={check.isPending}>
              Check with {name}
            </Button>
          )}
          {mayOperate && (credential !== undefined || delivery?.to === "sandbox") && (
            <Button onClick={() => setTask("push")}>Test push…</Button>
          )}
          {mayAdminister && (
            <Button look={credential === undefined ? "primary" : "plain"} onClick={() => setTask("set")}>
              {credential === undefined ? `Set the ${name} credential` : "Replace…"}
            </Button>
          )}
          {credential !== undefined && mayAdminister && (
            <Button onClick={() => setTask("remove")}>Remove…</Button>
          )}
        </div>
      </div>
      {task === "set" && (
        <SetCredential facts={facts} credential={credential} onClose={close} onStored={() => void stored()} />
      )}
      {task === "remove" && <RemoveCredential facts={facts} onClose={close} onRemoved={check.reset} />}
      {task === "push" && <TestPush facts={facts} onClose={close} />}
    </Card>
  )
}

function State({ credential, delivery }: Omit<ProviderCardProps, "facts">): ReactNode {
  if (credential !== undefined && credential.pausedAt !== null) return <Badge tone="bad">paused</Badge>
  if (credential !== undefined) return <Badge tone="good">set</Badge>
  return <Badge>{delivery?.to === "sandbox" ? "sandbox" : "not set"}</Badge>
}

function Missing({ facts, delivery }: Omit<ProviderCardProps, "credential">): ReactNode {
  return (
    <div className="stack-tight">
      <p>
        {
          {
            provider: "",
            sandbox: `Messages to ${facts.reaches} go to the simulator of this server: virtual phones show them, real phones do not.`,
            none: `Nothing reaches ${facts.reaches}: there is no credential, and this server runs no sandbox.`,
            held: `Nothing reaches ${facts.reaches} before the server was started with the right master key.`,
          }[delivery?.to ?? "none"]
        }
      </p>
      <p className="soft">What is needed comes from: {facts.source}</p>
    </div>
  )
}

function CredentialFacts({
  credential: { summary, updatedAt },
}: {
  readonly credential: Credential
}): ReactNode {
  return (
    <Facts
      facts={[
        ...Object.entries(summary).map(
          ([name, value]) =>
            [
              SUMMARY_NAMES[name] ?? name,
              <span key={name} className="breakable">
                {value}
              </span>,
            ] as const,
        ),
        ["Set", <Time key="set" at={updatedAt} />],
      ]}
    />
  )
}
