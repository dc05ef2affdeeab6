import { DomainError } from "../../domain/errors.ts"

/** The page size of a list: 50 unless `limit` says otherwise, which may be 1 000 where no other bound is given. */
export function pageLimit(query: Readonly<Record<string, string>>, most = 1000): number {
  return wholeNumber(query, "limit", 1, most) ?? 50
}

/** What `cursor` is to be for the next page; null: this was the last one. */
export function nextCursor(next: number | undefined): string | null {
  return next === undefined ? null : String(next)
}

/** A whole number of the query string; undefined when it is not there. */
export function wholeNumber(
  query: Readonly<Record<string, string>>,
  name: string,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const text = query[name]
  if (text === undefined) return undefined
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new DomainError("invalid_property", `${name} must be a whole number from ${min} to ${max}.`, {
    property: name,
  })
}

/** A number in the path; a word that is no number is the number of nothing. */
export function numberIn(params: Readonly<Record<string, string>>, name: string): number {
  const text = params[name] ?? ""
  return /^\d{1,15}$/.test(text) ? Number(text) : -1
}

/** `true` or `false`, which is also meant when it is not there. */
export function truth(query: Readonly<Record<string, string>>, name: string): boolean {
  const text = query[name]
  if (text === undefined || text === "false") return false
  if (text === "true") return true
  throw new DomainError("invalid_property", `${name} must be true or false.`, { property: name })
}
