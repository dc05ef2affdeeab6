const EXCERPT_MAX = 80

/** The beginning of a message, whatever JSON it is, for a line of a list. */
export function excerpt(message: unknown): string {
  const text = typeof message === "string" ? message : JSON.stringify(message)
  return text.length > EXCERPT_MAX ? `${text.slice(0, EXCERPT_MAX)}…` : text
}
