import type { Schema } from "../../api/client.ts"
import { formatDuration } from "../../ui/time.tsx"

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

type Settings = Schema<"UserSettings">

interface Option {
  readonly value: string
  readonly label: string
}

const NEVER: Option = { value: "", label: "never" }

export const IDLE_TIMES: readonly Option[] = [
  NEVER,
  { value: String(HOUR_MS), label: "after an hour" },
  { value: String(DAY_MS), label: "after a day" },
  { value: String(30 * DAY_MS), label: "after 30 days" },
  { value: String(90 * DAY_MS), label: "after 90 days" },
  { value: String(365 * DAY_MS), label: "after a year" },
]

export const LASTING_TIMES: readonly Option[] = [
  NEVER,
  { value: String(DAY_MS), label: "after a day" },
  { value: String(7 * DAY_MS), label: "after a week" },
  { value: String(30 * DAY_MS), label: "after 30 days" },
  { value: String(365 * DAY_MS), label: "after a year" },
]

/** The usual times, and the one that is set if it is another: saving must not change it. */
export function lifetimeOptions(usual: readonly Option[], set: number | null): readonly Option[] {
  if (set === null || usual.some(({ value }) => value === String(set))) return usual
  return [...usual, { value: String(set), label: `after ${formatDuration(set / 1000)}` }]
}

/** What the form says, as the server wants it. A box that is not ticked has no value. */
export function changesOf(values: Readonly<Record<string, string>>): Settings {
  const isOn = (name: string) => values[name] === "on"
  return {
    registration: isOn("registration"),
    guests: isOn("guests"),
    login: isOn("login"),
    multipleLogins: isOn("multipleLogins"),
    logoutLastUser: isOn("logoutLastUser"),
    maxConcurrentLogins: Number(values["maxConcurrentLogins"] ?? 0),
    failedLoginsLock: Number(values["failedLoginsLock"] ?? 0),
    identityProperty: (values["identityProperty"] ?? "").trim(),
    requiredProperties: namesOf(values["requiredProperties"]),
    knownProperties: namesOf(values["knownProperties"]),
    unknownProperties: policyOf(values["unknownProperties"]),
    sessionIdleMs: lifetimeOf(values["sessionIdleMs"]),
    sessionLastsMs: lifetimeOf(values["sessionLastsMs"]),
    guestsKeptMs: lifetimeOf(values["guestsKeptMs"]),
  }
}

function namesOf(text = ""): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
}

function policyOf(text: string | undefined): Settings["unknownProperties"] {
  return text === "drop" || text === "refuse" ? text : "keep"
}

function lifetimeOf(text: string | undefined): number | null {
  return text === undefined || text === "" ? null : Number(text)
}
