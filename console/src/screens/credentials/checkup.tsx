import { CircleCheck, CircleX } from "lucide-react"
import type { ReactNode } from "react"
import type { Schema } from "../../api/client.ts"
import { ErrorNote } from "../../ui/error-note.tsx"
import { Loading } from "../../ui/loaded.tsx"
import "./checkup.css"

const NAMES: Readonly<Record<string, string>> = {
  credential: "The credential itself",
  connection: "Connection",
  authorization: "Sign-in",
  push: "A push to nobody",
}

interface CheckupProps {
  readonly label: string
  readonly checkup: Schema<"CredentialCheckup"> | undefined
  readonly error: Error | null
  readonly isRunning: boolean
}

/** What the provider said when it was asked, step by step. */
export function Checkup({ label, checkup, error, isRunning }: CheckupProps): ReactNode {
  if (isRunning) return <Loading label={`Asking ${label}, for 20 seconds at most…`} />
  if (error !== null) return <ErrorNote error={error} title="The check could not be made" />
  if (checkup === undefined) return null
  return (
    <ol className="checkup" role="status" aria-label={`Check with ${label}`}>
      {checkup.steps.map(({ name, ok, detail, advice }) => (
        <li key={name} className="checkup-step" data-ok={ok}>
          {ok ? <CircleCheck size={18} aria-hidden /> : <CircleX size={18} aria-hidden />}
          <div>
            <p>
              <strong>{NAMES[name] ?? name}:</strong> {ok ? "well" : "failed"}
            </p>
            <p className="soft breakable">{detail}</p>
            {advice !== undefined && <p className="breakable">{advice}</p>}
          </div>
        </li>
      ))}
    </ol>
  )
}
