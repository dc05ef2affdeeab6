import { isIP } from "node:net"
import { resolve } from "node:path"
import { readAddressRange } from "../runtime/address-ranges.ts"

/** What reading a value yields: the value, or what it should have been. */
type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly expected: string }

/** One setting: a flag, an environment variable and a row of docs/config.md. */
export interface Setting<Value> {
  /** The flag without its dashes; the environment variable is made from it: `limit-os` → `BELFRY_LIMIT_OS`. */
  readonly name: string
  /** What stands for the value in `--help`. Empty: the flag takes no value and says no (`--no-sandbox`). */
  readonly placeholder: string
  readonly fallback: Value
  /** The default as people read it. */
  readonly fallbackText: string
  /** One sentence, with the unit and special values. */
  readonly meaning: string
  /** A secret is never shown. */
  readonly isSecret: boolean
  /** False: only the environment has it, because every user of the machine can read a command line. */
  readonly hasFlag: boolean
  readonly read: (text: string) => Reading<Value>
}

/** The values of a group of settings, by the keys of the group. */
export type ValuesOf<Group> = {
  readonly [Key in keyof Group]: Group[Key] extends Setting<infer Value> ? Value : never
}

export function environmentName(name: string): string {
  return `BELFRY_${name.toUpperCase().replaceAll("-", "_")}`
}

/** A setting that may be shown and has a flag. */
function open<Value>(setting: Omit<Setting<Value>, "isSecret" | "hasFlag">): Setting<Value> {
  return { ...setting, isSecret: false, hasFlag: true }
}

const yes = <Value>(value: Value): Reading<Value> => ({ ok: true, value })
const no = (expected: string): Reading<never> => ({ ok: false, expected })

/** A whole number within bounds, both inclusive. */
export function wholeNumber(
  name: string,
  fallback: number,
  bounds: { readonly min: number; readonly max: number },
  meaning: string,
): Setting<number> {
  const read = (text: string) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    return value >= bounds.min && value <= bounds.max
      ? yes(value)
      : no(`a whole number from ${bounds.min} to ${bounds.max}`)
  }
  return open({ name, placeholder: "N", fallback, fallbackText: String(fallback), meaning, read })
}

/** A whole number that follows from other settings unless it is given. `fallbackText` says how. */
export function derivedNumber(
  name: string,
  fallbackText: string,
  bounds: { readonly min: number; readonly max: number },
  meaning: string,
): Setting<number | undefined> {
  return { ...wholeNumber(name, bounds.min, bounds, meaning), fallback: undefined, fallbackText }
}

export function port(name: string, fallback: number, meaning: string): Setting<number> {
  return { ...wholeNumber(name, fallback, { min: 0, max: 65_535 }, meaning), placeholder: "PORT" }
}

/** One of a few words, in any case; its meaning ends with them. */
export function oneOf<Choice extends string>(
  name: string,
  fallback: Choice,
  choices: readonly Choice[],
  meaning: string,
): Setting<Choice> {
  const read = (text: string) => {
    const choice = choices.find((known) => known === text.toLowerCase())
    return choice === undefined ? no(`one of ${choices.join(", ")}`) : yes(choice)
  }
  const placeholder = name.split("-").at(-1)?.toUpperCase() ?? ""
  const meaningWithChoices = `${meaning} One of ${choices.join(", ")}.`
  return open({ name, placeholder, fallback, fallbackText: fallback, meaning: meaningWithChoices, read })
}

const SWITCH_WORDS: Readonly<Record<string, boolean>> = {
  on: true,
  true: true,
  yes: true,
  "1": true,
  off: false,
  false: false,
  no: false,
  "0": false,
}

/** On unless it is switched off: by `--no-<name>`, or by a word in the environment. */
export function switchedOn(name: string, meaning: string): Setting<boolean> {
  const read = (text: string) => {
    const value = SWITCH_WORDS[text.toLowerCase()]
    return value === undefined ? no("on or off") : yes(value)
  }
  return open({ name, placeholder: "", fallback: true, fallbackText: "on", meaning, read })
}

/** A directory; relative to the one in which the command runs. */
export function directory(name: string, fallback: string, meaning: string): Setting<string> {
  const read = (text: string) =>
    text.trim() === "" || text.includes("\0") ? no("the path of a directory") : yes(resolve(text))
  return open({
    name,
    placeholder: "DIR",
    fallback: resolve(fallback),
    fallbackText: fallback,
    meaning,
    read,
  })
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i

export function listenAddress(name: string, fallback: string, meaning: string): Setting<string> {
  const read = (text: string) => {
    const bare = text.replace(/^\[(.*)\]$/, "$1")
    return isIP(bare) !== 0 || HOST_NAME.test(bare)
      ? yes(bare)
      : no("an address or host name to listen on, such as 127.0.0.1, 0.0.0.0 or ::, without a scheme or port")
  }
  return open({ name, placeholder: "HOST", fallback, fallbackText: fallback, meaning, read })
}

/**
 * IP addresses and CIDR ranges separated by commas, read as `readAddressRange` spells them; the word `none` for no
 * address. A range of all addresses is refused, `notAll` says why.
 */
export function addressRanges(
  name: string,
  fallback: readonly string[],
  notAll: string,
  meaning: string,
): Setting<readonly string[]> {
  return listOf(name, fallback, meaning, (texts) => {
    const faults: string[] = []
    const ranges = texts.flatMap((text) => {
      const reading = readAddressRange(text)
      const isRight = reading.ok && !reading.range.endsWith("/0")
      if (!isRight) faults.push(`"${text}" ${reading.ok ? `is everybody, ${notAll}` : reading.fault}`)
      return isRight ? [reading.range] : []
    })
    return faults.length === 0
      ? yes(ranges)
      : no(`IP addresses and CIDR ranges separated by commas, or none; ${faults.join("; ")}`)
  })
}

function listOf(
  name: string,
  fallback: readonly string[],
  meaning: string,
  readAll: (texts: readonly string[]) => Reading<readonly string[]>,
): Setting<readonly string[]> {
  const read = (text: string) =>
    text.toLowerCase() === "none" ? yes([]) : readAll(text.split(",").map((one) => one.trim()))
  const fallbackText = fallback.join(",") || "none"
  return open({ name, placeholder: "LIST", fallback, fallbackText, meaning, read })
}

const HEX_KEY = /^[0-9a-f]{64}$/i
const BASE64_KEY = /^[A-Za-z0-9+/]{43}=$/

/** 32 bytes, from the environment only. */
export function secretKey(name: string, fallbackText: string, meaning: string): Setting<Buffer | undefined> {
  const read = (text: string) => {
    if (HEX_KEY.test(text)) return yes(Buffer.from(text, "hex"))
    if (BASE64_KEY.test(text)) return yes(Buffer.from(text, "base64"))
    return no("32 bytes, written as 64 hexadecimal digits or as 44 characters of base64")
  }
  const shown = { name, placeholder: "KEY", fallback: undefined, fallbackText, meaning }
  return { ...shown, isSecret: true, hasFlag: false, read }
}

/** An address that may hold a password. */
export function confidentialUrl(name: string, meaning: string): Setting<string | undefined> {
  const shown = { name, placeholder: "URL", fallback: undefined, fallbackText: "none", meaning }
  return { ...shown, isSecret: true, hasFlag: true, read: yes }
}
