/** Finds `<application-id>/<api-key>` in the paths of one route, for lanes that do without a router. */
export class KeyPaths {
  readonly #end: string
  /** One request often resembles the one before, and a text that was looked up once is found sooner. */
  #lastUrl = ""
  #last = ""

  /** `end`: the rest of the path, from its slash on. */
  constructor(end: string) {
    this.#end = end
  }

  /** Undefined for any other path. */
  of(url: string): string | undefined {
    if (url === this.#lastUrl) return this.#last
    if (!url.endsWith(this.#end)) return undefined
    const keyStart = url.indexOf("/", 1) + 1
    const keyEnd = url.length - this.#end.length
    if (keyStart === 0 || keyStart > keyEnd || url.indexOf("/", keyStart) !== keyEnd) return undefined
    this.#lastUrl = url
    this.#last = url.slice(1, keyEnd)
    return this.#last
  }
}
