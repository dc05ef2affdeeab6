/** Checking of the plain JSON that steers the simulators (faults, device states), with errors that say what would be right. */

export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string }

export interface FieldRule {
  readonly accepts: (value: unknown) => boolean
  /** Completes "… must be …". */
  readonly expected: string
  readonly required?: true
}

export type FieldRules = Readonly<Record<string, FieldRule>>

export const required = (rule: FieldRule): FieldRule => ({ ...rule, required: true })

export const text: FieldRule = {
  accepts: (value) => typeof value === "string" && value.length > 0,
  expected: "a text of at least one character",
}

export const anyText: FieldRule = { accepts: (value) => typeof value === "string", expected: "a text" }

export const truth: FieldRule = { accepts: (value) => typeof value === "boolean", expected: "true or false" }

export function wholeNumber(min: number, max: number): FieldRule {
  return {
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
    expected: `a whole number from ${min} to ${max}`,
  }
}

export const instant: FieldRule = {
  ...wholeNumber(0, 8_640_000_000_000_000),
  expected: "an instant in milliseconds since 1970",
}

export const fraction: FieldRule = {
  accepts: (value) => typeof value === "number" && value >= 0 && value <= 1,
  expected: "a number from 0 to 1",
}

export function oneOf(words: readonly string[]): FieldRule {
  return {
    accepts: (value) => typeof value === "string" && words.includes(value),
    expected: `one of ${words.map((word) => `"${word}"`).join(", ")}`,
  }
}

export function either(...rules: readonly FieldRule[]): FieldRule {
  return {
    accepts: (value) => rules.some((rule) => rule.accepts(value)),
    expected: rules.map((rule) => rule.expected).join(", or "),
  }
}

/** An object with exactly these fields. */
export function shape(rules: FieldRules): FieldRule {
  return {
    accepts: (value) => problemWith(value, rules, "") === undefined,
    expected: `an object of ${Object.entries(rules)
      .map(([name, rule]) => `${name} (${rule.expected})`)
      .join(", ")}`,
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** The first thing that is wrong with a value, or undefined. `where` names the value in the text. */
export function problemWith(value: unknown, rules: FieldRules, where: string): string | undefined {
  if (!isRecord(value)) return `${where || "the value"} must be an object`
  const path = (name: string) => (where === "" ? name : `${where}.${name}`)
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(rules, name)) {
      return `${path(name)} is not known here; known are ${Object.keys(rules).join(", ")}`
    }
  }
  for (const [name, rule] of Object.entries(rules)) {
    const field = value[name]
    if (field === undefined) {
      if (rule.required === true) return `${path(name)} is missing: it must be ${rule.expected}`
    } else if (!rule.accepts(field)) {
      return `${path(name)} must be ${rule.expected}`
    }
  }
  return undefined
}
