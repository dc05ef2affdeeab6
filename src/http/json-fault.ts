import { DomainError } from "../domain/errors.ts"

/**
 * The careful reader of JSON: says what is wrong with a body and where. json-body.ts decides quickly that something is
 * wrong; this reads the text again, character by character, to name the place. Never repeats a value: it may be secret.
 */

/** Names that change how an object behaves when it is copied with `Object.assign` or a spread. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"])

/** The first fault of a JSON text, reading from its start, or undefined when there is none. */
export function jsonFault(text: string, depthMax: number): DomainError | undefined {
  try {
    new JsonReader(text, depthMax).readAll()
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}

const QUOTE = 0x22
const ESCAPE = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const ARRAY_START = 0x5b
const ARRAY_END = 0x5d
const OBJECT_START = 0x7b
const OBJECT_END = 0x7d

const SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const WORD = /true|false|null/y
const ESCAPE_SEQUENCE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/
const SHOWN_NAME_LENGTH = 64

class JsonReader {
  readonly #text: string
  readonly #depthMax: number
  readonly #path: (string | number)[] = []
  #at = 0

  constructor(text: string, depthMax: number) {
    this.#text = text
    this.#depthMax = depthMax
  }

  readAll(): void {
    this.#skipSpace()
    this.#readValue(0)
    this.#skipSpace()
    if (this.#at < this.#text.length) this.#fail("nothing more is expected", this.#at)
  }

  #readValue(depth: number): void {
    switch (this.#text.charCodeAt(this.#at)) {
      case OBJECT_START:
        this.#readObject(depth + 1)
        break
      case ARRAY_START:
        this.#readArray(depth + 1)
        break
      case QUOTE:
        this.#readString()
        break
      default:
        this.#readScalar()
    }
  }

  #readObject(depth: number): void {
    this.#enter(depth)
    const names = new Set<string>()
    if (this.#takes(OBJECT_END)) return
    do {
      this.#skipSpace()
      const start = this.#at
      if (this.#text.charCodeAt(start) !== QUOTE) this.#fail("a name in double quotes is expected", start)
      const name = this.#readString()
      this.#path.push(name)
      this.#checkName(name, names, start)
      if (!this.#takes(COLON)) this.#fail("':' is expected", this.#at)
      this.#skipSpace()
      this.#readValue(depth)
      this.#path.pop()
    } while (this.#takes(COMMA))
    if (!this.#takes(OBJECT_END)) this.#fail("',' or '}' is expected", this.#at)
  }

  #checkName(name: string, names: Set<string>, start: number): void {
    if (FORBIDDEN_KEYS.has(name)) this.#fail("a property must not have this name", start)
    if (names.has(name)) this.#fail("the name is given twice in one object", start)
    names.add(name)
  }

  #readArray(depth: number): void {
    this.#enter(depth)
    if (this.#takes(ARRAY_END)) return
    let index = 0
    do {
      this.#skipSpace()
      this.#path.push(index++)
      this.#readValue(depth)
      this.#path.pop()
    } while (this.#takes(COMMA))
    if (!this.#takes(ARRAY_END)) this.#fail("',' or ']' is expected", this.#at)
  }

  #enter(depth: number): void {
    if (depth > this.#depthMax) this.#fail(`nesting is deeper than ${this.#depthMax} levels`, this.#at)
    this.#at++
    this.#skipSpace()
  }

  /** Reads a string and returns what it means. */
  #readString(): string {
    const start = this.#at
    let escaped = false
    for (this.#at++; ; ) {
      const character = this.#text.charCodeAt(this.#at)
      if (character === QUOTE) break
      if (Number.isNaN(character)) this.#fail("the string does not end", start)
      if (character < 0x20) this.#fail("a control character in a string must be escaped", this.#at)
      if (character === ESCAPE) {
        escaped = true
        if (!this.#skip(ESCAPE_SEQUENCE)) this.#fail("the escape sequence is unknown", this.#at)
      } else this.#at++
    }
    this.#at++
    const value: string = escaped
      ? JSON.parse(this.#text.slice(start, this.#at))
      : this.#text.slice(start + 1, this.#at - 1)
    if (!value.isWellFormed()) this.#fail("a string holds half of a surrogate pair", start)
    return value
  }

  #readScalar(): void {
    const start = this.#at
    if (this.#skip(WORD)) return
    if (!this.#skip(NUMBER)) this.#fail("a value is expected", start)
    const value = Math.abs(Number(this.#text.slice(start, this.#at)))
    if (value > Number.MAX_SAFE_INTEGER) this.#fail("the number is too large to be kept exactly", start)
  }

  #takes(character: number): boolean {
    this.#skipSpace()
    if (this.#text.charCodeAt(this.#at) !== character) return false
    this.#at++
    return true
  }

  #skipSpace(): void {
    this.#skip(SPACE)
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    if (!pattern.test(this.#text)) return false
    this.#at = pattern.lastIndex
    return true
  }

  #fail(what: string, position: number): never {
    const property = pathText(this.#path)
    const place = property === "" ? "" : ` in ${property}`
    throw malformedJson(
      position >= this.#text.length
        ? `The body ends too early${place}: ${what}.`
        : `At position ${position} of the body${place}: ${what}.`,
      property === "" ? { position } : { property, position },
    )
  }
}

/** As a person would write it: `pushOptions.channels[3]`. */
function pathText(path: readonly (string | number)[]): string {
  let text = ""
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`
    else if (PLAIN_NAME.test(step)) text += text === "" ? step : `.${step}`
    else text += `[${JSON.stringify(step.slice(0, SHOWN_NAME_LENGTH).toWellFormed())}]`
  }
  return text
}

export function malformedJson(
  message: string,
  details: ConstructorParameters<typeof DomainError>[2] = {},
): DomainError {
  return new DomainError("malformed_json", message, details)
}
