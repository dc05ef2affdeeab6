/** Reading of single values out of payloads for the journal. */

const MESSAGE_ID = /message:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined
}

export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return value
  return typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined
}

/** The message id under its usual keys, else whatever in the payload has its look. */
export function messageIdIn(
  fields: Readonly<Record<string, unknown>>,
  payloadText: string,
): string | undefined {
  return textOf(fields["messageId"]) ?? textOf(fields["message_id"]) ?? messageIdInText(payloadText)
}

export function messageIdInText(payloadText: string): string | undefined {
  return MESSAGE_ID.exec(payloadText)?.[0]
}
