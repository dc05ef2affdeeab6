const TITLE_HEADERS = ["ios-alert-title", "android-content-title", "wp-title", "osx-alert-title"]
const EXCERPT_MAX = 80

interface Content {
  readonly message?: unknown
  readonly headers: Readonly<Record<string, string>>
}

/** What a message is called in a list: its text, or the title of one that has none. Never empty, for it is a link. */
export function titleOf({ message, headers }: Content): string {
  const title = TITLE_HEADERS.flatMap((name) => headers[name]?.trim() || [])[0]
  const text = excerpt(message ?? "")
  return text.trim() === "" ? excerpt(title ?? "(no text)") : text
}

/** The beginning of a message, whatever JSON it is. Characters that are two halves are not cut. */
export function excerpt(message: unknown): string {
  const text = typeof message === "string" ? message : JSON.stringify(message)
  return text.length > EXCERPT_MAX
    ? `${[...text.slice(0, 2 * EXCERPT_MAX)].slice(0, EXCERPT_MAX).join("")}…`
    : text
}
