/** The push headers that have a field of their own (contract 3.3, and those of the providers). Others are values for the app. */

export interface HeaderField {
  readonly name: string
  readonly label: string
  readonly hint?: string
  /** Nothing else is allowed. */
  readonly choices?: readonly string[]
}

interface HeaderGroup {
  readonly title: string
  readonly fields: readonly HeaderField[]
}

const PUSH_TYPES = [
  ...["alert", "background", "voip", "pushtotalk", "complication", "fileprovider", "location"],
  ...["liveactivity", "widgets", "controls", "mdm"],
]

export const HEADER_GROUPS: readonly HeaderGroup[] = [
  {
    title: "iPhone and Mac",
    fields: [
      { name: "ios-alert-title", label: "Title" },
      { name: "ios-alert-subtitle", label: "Subtitle" },
      { name: "ios-alert-body", label: "Text", hint: "Instead of the message." },
      { name: "ios-badge", label: "Badge", hint: "A number; 0 takes it away." },
      { name: "ios-sound", label: "Sound", hint: "The name of a sound file of the app, or default." },
      { name: "ios-content-available", label: "Wake the app", choices: ["1"] },
      {
        name: "ios-rich-media-url",
        label: "Picture or film",
        hint: "Shown by the app's notification service extension.",
      },
      { name: "osx-alert-title", label: "Title on a Mac" },
      { name: "osx-alert-subtitle", label: "Subtitle on a Mac" },
      { name: "apns-push-type", label: "Push type", choices: PUSH_TYPES },
      { name: "apns-priority", label: "Priority", choices: ["10", "5", "1"], hint: "10 at once, 5 sparing." },
      {
        name: "apns-collapse-id",
        label: "Collapse id",
        hint: "A later message with the same one replaces it.",
      },
    ],
  },
  {
    title: "Android",
    fields: [
      { name: "android-content-title", label: "Title" },
      { name: "android-content-text", label: "Text", hint: "When the message is empty." },
      { name: "android-ticker-text", label: "Ticker text" },
      { name: "android-summary-subtext", label: "Subtitle" },
      { name: "android-content-sound", label: "Sound" },
      { name: "android-action", label: "Action", hint: "What a tap opens." },
      { name: "android-large-icon", label: "Large icon" },
      { name: "android-attachment-url", label: "Picture" },
      { name: "fcm-priority", label: "Priority", choices: ["high", "normal"] },
      { name: "fcm-collapse-key", label: "Collapse key" },
    ],
  },
  {
    title: "Windows",
    fields: [
      { name: "wp-type", label: "Type", choices: ["toast", "tile", "badge", "raw"] },
      { name: "wp-title", label: "Title" },
      { name: "wp-subtitle", label: "Subtitle" },
      { name: "wp-content", label: "Text" },
      { name: "wp-parameter", label: "Launch parameter" },
      { name: "wp-badge", label: "Badge" },
      { name: "wp-count", label: "Count" },
      { name: "wp-backgroundImage", label: "Tile: picture" },
      { name: "wp-backTitle", label: "Tile: title of the back" },
      { name: "wp-backImage", label: "Tile: picture of the back" },
      { name: "wp-backContent", label: "Tile: text of the back" },
      { name: "wp-raw", label: "Raw content" },
      { name: "wns-tag", label: "Tag" },
      { name: "wns-group", label: "Group" },
      { name: "wns-cache-policy", label: "While the device is off", choices: ["cache", "no-cache"] },
    ],
  },
]
