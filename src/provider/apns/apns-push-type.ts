/** What a push type asks of its request (providers.md 2.4). */
export interface PushTypeRule {
  /** Appended to the bundle id. */
  readonly topicSuffix: string
  readonly payloadBytesMax: number
  readonly priorities: readonly number[]
  readonly priority: number
}

export const APNS_ALERT_BYTES_MAX = 4096

const USUAL: PushTypeRule = {
  topicSuffix: "",
  payloadBytesMax: APNS_ALERT_BYTES_MAX,
  priorities: [10, 5, 1],
  priority: 10,
}

export const PUSH_TYPES: ReadonlyMap<string, PushTypeRule> = new Map<string, PushTypeRule>([
  ["alert", USUAL],
  ["background", { ...USUAL, priorities: [5], priority: 5 }],
  ["voip", { ...USUAL, topicSuffix: ".voip", payloadBytesMax: 5120 }],
  ["pushtotalk", { ...USUAL, topicSuffix: ".voip-ptt" }],
  ["complication", { ...USUAL, topicSuffix: ".complication" }],
  ["fileprovider", { ...USUAL, topicSuffix: ".pushkit.fileprovider" }],
  ["location", { ...USUAL, topicSuffix: ".location-query" }],
  ["liveactivity", { ...USUAL, topicSuffix: ".push-type.liveactivity", priorities: [10, 5] }],
  ["widgets", { ...USUAL, topicSuffix: ".push-type.widgets" }],
  ["controls", { ...USUAL, topicSuffix: ".push-type.controls" }],
  ["mdm", USUAL],
])

/** The largest limit of any push type. */
export const APNS_PAYLOAD_BYTES_MAX = 5120
