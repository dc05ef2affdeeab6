import type { ReactNode } from "react"
import type { Answer } from "../../api/client.ts"
import { Badge } from "../../ui/badge.tsx"
import { Note } from "../../ui/note.tsx"
import type { Operation } from "./matrix.ts"
import { SubjectName } from "./subject-name.tsx"

type Explained = Answer<"/admin/v1/applications/{applicationId}/explain">
type Step = Explained["steps"][number]

const LEVELS: Readonly<Record<string, string>> = {
  channel_user: "Rules of the channel about the user",
  channel_custom_roles: "Rules of the channel about custom roles",
  channel_system_roles: "Rules of the channel about system roles",
  application_custom_roles: "Rules of the application about custom roles",
  application_system_roles: "Rules of the application about system roles",
}

interface ExplanationProps {
  readonly explained: Explained
  readonly operations: readonly Operation[]
}

/** The answer, and everything that was looked at on the way to it. */
export function Explanation({ explained, operations }: ExplanationProps): ReactNode {
  const { allowed, summary, roles, steps } = explained
  return (
    <div className="stack">
      <Note tone={allowed ? "good" : "bad"} role="status" title={allowed ? "Yes" : "No"}>
        <span className="breakable">{summary}</span>
      </Note>
      <div className="row">
        <span className="soft">It runs with the roles</span>
        {roles.map((role) => (
          <Badge key={role}>{role}</Badge>
        ))}
      </div>
      {steps.map((step) => (
        <StepOf key={step.operation} step={step} operations={operations} isOnly={steps.length === 1} />
      ))}
    </div>
  )
}

interface StepOfProps extends Pick<ExplanationProps, "operations"> {
  readonly step: Step
  readonly isOnly: boolean
}

function StepOf({ step, operations, isOnly }: StepOfProps): ReactNode {
  const { operation, levels, decidedBy, allowed, presetGrantsTo } = step
  const meaning = operations.find((one) => one.operation === operation)?.meaning ?? operation
  return (
    <section className="stack-tight" aria-label={meaning}>
      {!isOnly && (
        <h3>
          {meaning}: {allowed ? "allowed" : "refused"}
        </h3>
      )}
      <ol className="explained-levels">
        {levels.map(({ level, rules }) => (
          <li key={level} data-decides={decidedBy.level === level}>
            <span>{LEVELS[level] ?? level}</span>
            <span className="soft">
              {rules.length === 0
                ? "none speaks of it"
                : rules.map(({ subject, access }, index) => (
                    <span key={subject} className="breakable">
                      {index > 0 && ", "}
                      <SubjectName
                        subject={{
                          kind: level === "channel_user" ? "user" : "role",
                          id: subject,
                          isSystem: false,
                        }}
                      />{" "}
                      {access === "grant" ? "is granted it" : "is denied it"}
                    </span>
                  ))}
            </span>
            {decidedBy.level === level && <Decides />}
          </li>
        ))}
        <li data-decides={decidedBy.level === "preset"}>
          <span>The preset</span>
          <span className="soft breakable">
            {presetGrantsTo.length === 0
              ? "grants it to none of these roles"
              : `grants it to ${presetGrantsTo.join(", ")}`}
          </span>
          {decidedBy.level === "preset" && <Decides />}
        </li>
      </ol>
    </section>
  )
}

function Decides(): ReactNode {
  return <Badge tone="info">decides</Badge>
}
