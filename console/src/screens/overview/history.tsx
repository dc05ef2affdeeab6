import { type ReactNode, useState } from "react"
import { api, type Schema } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { Card } from "../../ui/card.tsx"
import { Chart } from "../../ui/chart.tsx"
import type { Series } from "../../ui/chart-bars.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { formatDay, formatHour } from "../../ui/time.tsx"
import "../../ui/field.css"

type Step = Schema<"Statistics">["step"]
type Outcomes = Schema<"Statistics">["points"][number]["outcomes"]

const REFRESH_MS = 30_000

const REGISTRATIONS: readonly Series[] = [
  { name: "New devices", color: "var(--series-ios)" },
  { name: "Renewed", color: "var(--series-other)" },
  { name: "Gone", color: "var(--series-osx)", isBelow: true },
]

const MESSAGES: readonly Series[] = [{ name: "Messages", color: "var(--accent)" }]

/** Outcomes as an operator asks for them; a message's page has them one by one. */
const OUTCOMES: readonly (Series & { readonly kinds: readonly (keyof Outcomes)[] })[] = [
  { name: "Accepted", color: "var(--series-android)", kinds: ["accepted", "token_changed"] },
  { name: "Token gone", color: "var(--series-other)", kinds: ["token_gone"] },
  { name: "Not sent", color: "var(--series-osx)", kinds: ["expired", "cancelled", "suppressed"] },
  {
    name: "Failed",
    color: "var(--bad)",
    kinds: ["payload_rejected", "credential_refused", "retries_exhausted", "outcome_unknown"],
  },
]

/** Registrations, messages and what became of them, over the last day or month. */
export function History(): ReactNode {
  const { applicationId } = useApplication()
  const [step, setStep] = useState<Step>("hour")
  const statistics = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/statistics",
    { params: { path: { applicationId }, query: { step } } },
    { refetchInterval: REFRESH_MS },
  )
  const formatAt = step === "hour" ? formatHour : formatDay
  return (
    <Card title="Over time" actions={<StepSelect step={step} onChange={setStep} />}>
      <Loaded query={statistics} failure="The statistics could not be read">
        {({ points }) => (
          <div className="grid">
            <Part title="Registrations">
              <Chart
                label="Registrations over time"
                series={REGISTRATIONS}
                points={points.map(({ at, registered, renewed, departed }) => ({
                  at,
                  counts: [registered, renewed, departed],
                }))}
                formatAt={formatAt}
              />
            </Part>
            <Part title="Messages published">
              <Chart
                label="Messages over time"
                series={MESSAGES}
                points={points.map(({ at, messages }) => ({ at, counts: [messages] }))}
                formatAt={formatAt}
              />
            </Part>
            <Part title="What became of them, device by device">
              <Chart
                label="Outcomes over time"
                series={OUTCOMES}
                points={points.map(({ at, outcomes }) => ({
                  at,
                  counts: OUTCOMES.map(({ kinds }) => kinds.reduce((sum, kind) => sum + outcomes[kind], 0)),
                }))}
                formatAt={formatAt}
              />
            </Part>
          </div>
        )}
      </Loaded>
    </Card>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="stack-tight">
      <h3>{title}</h3>
      {children}
    </div>
  )
}

interface StepSelectProps {
  readonly step: Step
  readonly onChange: (step: Step) => void
}

function StepSelect({ step, onChange }: StepSelectProps): ReactNode {
  return (
    <select
      className="input"
      aria-label="Period"
      value={step}
      onChange={(event) => onChange(event.target.value as Step)}
    >
      <option value="hour">Last 24 hours</option>
      <option value="day">Last 30 days, by UTC</option>
    </select>
  )
}
