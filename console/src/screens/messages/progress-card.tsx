import type { ReactNode } from "react"
import { Card } from "../../ui/card.tsx"
import { countOf, formatCount } from "../../ui/format.ts"
import { Note } from "../../ui/note.tsx"
import { type Part, Parts, Progress } from "../../ui/progress.tsx"
import { formatDuration } from "../../ui/time.tsx"
import { OUTCOMES } from "./outcome-words.ts"
import { isOver, type Report } from "./report.ts"

/** How far it is, and that nobody of the audience is missing from the figures. */
export function ProgressCard({ report }: { readonly report: Report }): ReactNode {
  const { audience, pending, state } = report
  if (audience === 0) {
    return (
      <Card title="Progress">
        <Note>
          {report.policy === "PUBSUB"
            ? "It was published for subscribers only (PUBSUB): it is stored, and pushed to nobody."
            : "Nobody was in the audience when it was published."}
        </Note>
      </Card>
    )
  }
  const parts = partsOf(report)
  return (
    <Card title="Progress">
      <div className="stack">
        <Progress
          label={LABELS[state] ?? "Settled"}
          done={audience - pending}
          total={audience}
          note={paceOf(report)}
        />
        <Parts parts={parts} />
        <Sum parts={parts} audience={audience} />
      </div>
    </Card>
  )
}

const LABELS: Readonly<Record<string, string>> = {
  running: "On its way",
  paused: "Paused",
  finished: "Finished",
  cancelled: "Cancelled",
  failed: "Failed",
}

function partsOf({ counts, pending, retrying }: Report): readonly Part[] {
  const settled = OUTCOMES.map(({ kind, name, color }) => ({ name, color, count: counts[kind] }))
  const open = [
    { name: "Waiting for another try", color: "var(--outcome-retrying)", count: retrying },
    { name: "Not yet sent", color: "var(--outcome-pending)", count: pending - retrying },
  ]
  return [...settled, ...open].filter(({ count, name }) => count > 0 || name === "Accepted")
}

function paceOf(report: Report): string {
  const { state, ratePerSecond, secondsLeft, audience, pending } = report
  if (isOver(report)) return ratePerSecond > 0 && audience > 1 ? `· ${rateOf(ratePerSecond)}` : ""
  if (state !== "running" || pending === 0) return ""
  const left = secondsLeft === null ? "" : ` · about ${formatDuration(secondsLeft)} left`
  return `· ${rateOf(ratePerSecond)}${left}`
}

function rateOf(perSecond: number): string {
  return `${formatCount(perSecond < 10 ? perSecond : Math.round(perSecond))} per second`
}

/** The sum in figures: what does not add up would be seen. */
function Sum({ parts, audience }: { readonly parts: readonly Part[]; readonly audience: number }): ReactNode {
  const total = parts.reduce((sum, { count }) => sum + count, 0)
  const present = parts.filter(({ count }) => count > 0)
  return (
    <p className="soft number">
      {present.length > 1 && `${present.map(({ count }) => formatCount(count)).join(" + ")} = `}
      {countOf(total, "device")}
      {total === audience ? ": everybody of the audience." : ` of ${formatCount(audience)}.`}
    </p>
  )
}
