/** Finds secrets in whatever was written, in the forms in which programs write things by accident. */

export interface Canary {
  /** What it is, for the report: never the secret itself. */
  readonly name: string
  readonly secret: string
}

export interface Hit {
  readonly canary: string
  readonly form: string
  readonly place: string
}

/** As it is, percent-encoded, in JSON, in hex of either case, and in base64 of both alphabets at any offset. */
export function formsOf(secret: string): Readonly<Record<string, string>> {
  const bytes = Buffer.from(secret)
  const hex = bytes.toString("hex")
  const json = JSON.stringify(secret).slice(1, -1)
  const encoded = [0, 1, 2].flatMap((offset) => {
    // The first and the last characters depend on what stands before and behind.
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "")
    const middle = text.slice(
      offset === 0 ? 0 : offset + 1,
      bytes.length % 3 === 0 && offset === 0 ? undefined : -1,
    )
    const url = middle.replaceAll("+", "-").replaceAll("/", "_")
    return [
      [`base64 at ${offset}`, middle],
      [`base64url at ${offset}`, url],
    ] as const
  })
  return {
    plain: secret,
    "in JSON": json,
    "percent-encoded": encodeURIComponent(secret),
    hex,
    HEX: hex.toUpperCase(),
    ...Object.fromEntries(encoded),
  }
}

export function findCanaries(
  canaries: readonly Canary[],
  places: Readonly<Record<string, Buffer | string>>,
): Hit[] {
  return Object.entries(places).flatMap(([place, content]) => {
    const bytes = Buffer.from(content as string)
    return canaries.flatMap(({ name, secret }) =>
      Object.entries(formsOf(secret)).flatMap(([form, text]) =>
        bytes.includes(text) ? [{ canary: name, form, place }] : [],
      ),
    )
  })
}
