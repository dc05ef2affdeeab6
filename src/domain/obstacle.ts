/**
 * Terms: an *obstacle* is what keeps devices that are to be sent to from being sent to, for longer than their turn takes.
 * It is a provider's own words, or begins with one of the words below; what follows a colon says more. No obstacle is the
 * empty text. docs/outcomes.md is generated from this file.
 */
export type ObstacleWord =
  | "no connection"
  | "token exchange"
  | "provider_unreachable"
  | "credential_throttled"
  | "carrier_unavailable"
  | "no_master_key"
  | "message_paused"
  | "others_waiting"
  | "retry_budget"
  | "not_now"
  | "crash"
  | "no_turn"

interface ObstacleWords {
  /** For people: completes the sentence "What kept it from being sent: …". */
  readonly meaning: string
  /** For people: what to do. */
  readonly next: string
}

/** One row per word: a new word without a row does not compile. */
export const OBSTACLES: { readonly [W in ObstacleWord]: ObstacleWords } = {
  "no connection": {
    meaning: "there was no connection to the provider",
    next: "Look at the way from this server to the provider: names, firewall, proxy, certificates.",
  },
  "token exchange": {
    meaning: "the provider gave no access token",
    next: "Look at the way from this server to the provider's login, and at the clock.",
  },
  provider_unreachable: {
    meaning: "the provider took nothing or did not answer",
    next: "Look at the way from this server to the provider, and at the provider's status page.",
  },
  credential_throttled: {
    meaning: "the provider had asked for a pause of everything sent with the credential",
    next: "Send more slowly, or ask the provider for a higher quota.",
  },
  carrier_unavailable: {
    meaning: "the provider credential could not be opened",
    next: "Run belfry doctor: it says whether the master key is the right one.",
  },
  no_master_key: {
    meaning: "the server runs without the right master key, and delivers nothing",
    next: "Restore master.key or set BELFRY_MASTER_KEY, and start the server again; belfry doctor says what is wrong.",
  },
  message_paused: {
    meaning: "somebody had paused the message",
    next: "Resume messages while they may still be sent.",
  },
  others_waiting: {
    meaning: "too many other devices of the message waited for another attempt with the same provider",
    next: "Look at what those waited for.",
  },
  retry_budget: {
    meaning: "so many attempts were to be repeated that they had to take turns",
    next: "Look at what the provider answered to the first attempts.",
  },
  not_now: {
    meaning: "the server was stopping, or the message was being paused",
    next: "See to it that the server runs.",
  },
  crash: {
    meaning: "the server crashed while it was being sent",
    next: "See to it that the server runs.",
  },
  no_turn: {
    meaning: "its time to live was over before its turn came, or no server was running",
    next: "Give it more time to live, and see to it that the server runs.",
  },
}

/** For people: a sentence on what kept devices from being sent to; of a provider's own words, these. */
export function obstacleSentence(obstacle: string): string {
  const words = obstacleWords(obstacle)
  if (words === undefined) return `The last answer was: ${obstacle}.`
  return `What kept it from being sent: ${words.meaning}${obstacle.includes(": ") ? ` (${obstacle})` : ""}.`
}

/** The row of an obstacle; undefined where a provider's own words are all that is known. */
export function obstacleWords(obstacle: string): ObstacleWords | undefined {
  const word = obstacle.split(": ", 1)[0] as string
  return Object.hasOwn(OBSTACLES, word) ? OBSTACLES[word as ObstacleWord] : undefined
}

/** Why a provider's devices wait when so many others of the message wait for another attempt that it goes on later. */
export function othersWaitingFor(obstacle: string): string {
  if (obstacle === "") return "others_waiting"
  return obstacle.startsWith("others_waiting") ? obstacle : `others_waiting: ${obstacle}`
}
