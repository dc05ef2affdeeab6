import { DomainError } from "../../domain/errors.ts"

/**
 * The properties of a body. One that is unknown is refused: a misspelt `expiresAt` must not make a key that lasts for
 * ever. A body that is not there has no properties.
 */
export function propertiesOf(body: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (body === undefined) return {}
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new DomainError("invalid_property", `The body must be an object with ${known.join(", ")}.`)
  }
  for (const property of Object.keys(body)) {
    if (known.includes(property)) continue
    throw new DomainError("invalid_property", `${property} is unknown; there are ${known.join(", ")}.`, {
      property,
    })
  }
  return body as Readonly<Record<string, unknown>>
}

/** The name that a body gives, for the trace of a call that is cut short; empty when it gives none. */
export function nameIn({ body }: { readonly body: unknown }): string {
  const { name } = (body ?? {}) as { readonly name?: unknown }
  return typeof name === "string" ? name.normalize("NFC") : ""
}
