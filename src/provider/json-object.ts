export type JsonObject = Readonly<Record<string, unknown>>

/** The JSON object that the text is; undefined for anything else. For what providers answer and publishers embed. */
export function jsonObjectOf(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith("{")) return undefined
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return undefined
  }
}
