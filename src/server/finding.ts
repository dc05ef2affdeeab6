/** The result of one check of `belfry doctor`. */
export interface Finding {
  readonly check: string
  /** `fail`: Belfry does not work like this. `warn`: it does, and something is probably not meant. */
  readonly state: "ok" | "warn" | "fail"
  readonly found: string
  /** What to do about it; undefined when nothing is. */
  readonly advice: string | undefined
}

export const ok = (check: string, found: string): Finding => ({
  check,
  state: "ok",
  found,
  advice: undefined,
})

export const warn = (check: string, found: string, advice: string): Finding => ({
  check,
  state: "warn",
  found,
  advice,
})

export const fail = (check: string, found: string, advice: string): Finding => ({
  check,
  state: "fail",
  found,
  advice,
})
