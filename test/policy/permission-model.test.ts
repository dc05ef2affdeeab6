import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decide, explain, PermissionRules } from "../../src/domain/permission-rules.ts"
import { Rights } from "../../src/policy/rights.ts"
import { anyCaller, anyChannel, anyOperation, anyRules, CHANNELS, mayDo } from "./permission-reference.ts"

/** The resolver against the text of the rules, on thousands of configurations that nobody thought of. */

const anyPlace = fc.option(anyChannel, { nil: undefined })

describe("for any rules, roles and presets", () => {
  it("the resolver decides as the text of the rules says", () => {
    fc.assert(
      fc.property(anyRules, anyCaller, anyOperation, anyPlace, (rules, caller, operation, channel) => {
        const { allowed } = decide(new PermissionRules(rules), caller, operation, channel)
        expect(allowed).toBe(mayDo(rules, caller, operation, channel))
      }),
      { numRuns: 10_000 },
    )
  })

  it("the rule that is said to decide is there, and without it another answer or another rule decides", () => {
    fc.assert(
      fc.property(anyRules, anyCaller, anyOperation, anyPlace, (rules, caller, operation, channel) => {
        const { decidedBy, allowed } = decide(new PermissionRules(rules), caller, operation, channel)
        if (decidedBy === "preset") {
          expect(allowed).toBe(mayDo([], caller, operation, channel))
          return
        }
        const { level, subject, access } = decidedBy
        expect(access).toBe(allowed ? "grant" : "deny")
        const isIt = (rule: (typeof rules)[number]) =>
          rule.operation === operation &&
          rule.level === (level.startsWith("channel") ? "channel" : "application") &&
          (rule.level === "application" || rule.channel === channel) &&
          (level === "channel_user") === "user" in rule &&
          ("user" in rule ? rule.user : rule.role) === subject
        expect(rules.filter(isIt).map((rule) => rule.access)).toEqual([access])
        const without = new PermissionRules(rules.filter((rule) => !isIt(rule)))
        expect(decide(without, caller, operation, channel).decidedBy).not.toEqual(decidedBy)
      }),
      { numRuns: 5_000 },
    )
  })

  it("an explanation has the decision, and its first level with a rule is the one that decided", () => {
    fc.assert(
      fc.property(anyRules, anyCaller, anyOperation, anyPlace, (rules, caller, operation, channel) => {
        const book = new PermissionRules(rules)
        const { levels, presetGrantsTo, ...decision } = explain(book, caller, operation, channel)
        expect(decision).toEqual(decide(book, caller, operation, channel))
        const first = levels.find((level) => level.rules.length > 0)
        const { decidedBy, allowed } = decision
        expect(first?.level).toBe(decidedBy === "preset" ? undefined : decidedBy.level)
        if (first === undefined) expect(allowed).toBe(presetGrantsTo.length > 0)
        else expect(allowed).toBe(first.rules.every(({ access }) => access === "grant"))
      }),
      { numRuns: 5_000 },
    )
  })

  it("what is allowed or refused everywhere is so on every channel, and the rest is decided somewhere", () => {
    fc.assert(
      fc.property(anyRules, anyCaller, anyOperation, (rules, caller, operation) => {
        const rights = new Rights(new PermissionRules(rules), caller)
        const everywhere = rights.everywhere(operation)
        const answers = [undefined, "a channel without rules", ...CHANNELS].map((channel) =>
          mayDo(rules, caller, operation, channel),
        )
        if (everywhere !== "depends") expect(new Set(answers)).toEqual(new Set([everywhere]))
        expect(rights.everywhere(operation)).toBe(everywhere)
      }),
      { numRuns: 5_000 },
    )
  })

  it("the short answer is the full one, on every channel and without one", () => {
    fc.assert(
      fc.property(anyRules, anyCaller, anyOperation, (rules, caller, operation) => {
        const rights = new Rights(new PermissionRules(rules), caller)
        for (const channel of [undefined, "a channel without rules", ...CHANNELS])
          expect(rights.allows(operation, channel)).toBe(mayDo(rules, caller, operation, channel))
      }),
      { numRuns: 5_000 },
    )
  })

  it("a caller without channel rules is decided once, not for each channel", () => {
    fc.assert(
      fc.property(anyRules, anyCaller, anyOperation, (rules, caller, operation) => {
        const ofApplication = rules.filter(({ level }) => level === "application")
        const rights = new Rights(new PermissionRules(ofApplication), caller)
        expect(rights.everywhere(operation)).toBe(mayDo(ofApplication, caller, operation, undefined))
      }),
      { numRuns: 2_000 },
    )
  })
})
