/** What a provider needs to know of a message: the input of every payload translation (providers.md 6). */
export interface PushContent {
  /** The message id, `message:<UUID>`: goes along for tracing and for de-duplication on the device. */
  readonly messageId: string
  /** The text that people read: the published `message` when it was text, else its JSON. May be empty. */
  readonly text: string
  /** The published headers (contract 3.3), values already text. */
  readonly headers: ReadonlyMap<string, string>
  /** No send starts at or after this instant (ms since 1970). Providers derive their own time to live from it. */
  readonly expiresAt: number
}
