import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { DomainError } from "../domain/errors.ts"
import { parseJsonBody } from "./json-body.ts"
import { jsonFault } from "./json-fault.ts"

const LIMITS = { jsonDepth: 32 }

function faultOf(body: string | Buffer): DomainError {
  try {
    parseJsonBody(body, LIMITS)
  } catch (error) {
    if (error instanceof DomainError && error.error === "malformed_json") return error
    throw error
  }
  throw new Error("the body was accepted")
}

function isRefused(body: string | Buffer): boolean {
  try {
    parseJsonBody(body, LIMITS)
    return false
  } catch (error) {
    if (error instanceof DomainError && error.error === "malformed_json") return true
    throw error
  }
}

describe("a refused body says what is wrong and where", () => {
  const CASES: readonly [body: string | Buffer, message: string, property?: string][] = [
    ["", "The body is empty; JSON is expected."],
    ["  ", "The body ends too early: a value is expected."],
    ["\ufeff{}", "The body starts with a byte order mark; leave it out."],
    [Buffer.from("efbbbf7b7d", "hex"), "The body starts with a byte order mark; leave it out."],
    [Buffer.from([0x22, 0xff, 0x22]), "The body is not valid UTF-8."],
    ['{"a":1,}', "At position 7 of the body: a name in double quotes is expected."],
    ['{"a" 1}', "At position 5 of the body in a: ':' is expected.", "a"],
    ['{"a":[1,2', "The body ends too early in a: ',' or ']' is expected.", "a"],
    ['{"a":{"b":[0,{"c":tru}]}}', "At position 18 of the body in a.b[1].c: a value is expected.", "a.b[1].c"],
    ['["a', "At position 1 of the body in [0]: the string does not end.", "[0]"],
    ['["\n"]', "At position 2 of the body in [0]: a control character in a string must be escaped.", "[0]"],
    ['["\\q"]', "At position 2 of the body in [0]: the escape sequence is unknown.", "[0]"],
    ["[] []", "At position 3 of the body: nothing more is expected."],
    [
      '{"channels":["a","b","c",9007199254740993]}',
      "At position 25 of the body in channels[3]: the number is too large to be kept exactly.",
      "channels[3]",
    ],
    ["[1e400]", "At position 1 of the body in [0]: the number is too large to be kept exactly.", "[0]"],
    ['{"a":1,"b":2,"a":3}', "At position 13 of the body in a: the name is given twice in one object.", "a"],
    ['{"a":1,"\\u0061":3}', "At position 7 of the body in a: the name is given twice in one object.", "a"],
    [
      '{"x":{"__proto__":1}}',
      "At position 6 of the body in x.__proto__: a property must not have this name.",
      "x.__proto__",
    ],
    ['["\\ud800"]', "At position 1 of the body in [0]: a string holds half of a surrogate pair.", "[0]"],
    ['["\ud800"]', "At position 1 of the body in [0]: a string holds half of a surrogate pair.", "[0]"],
    [
      '{"two words":tru}',
      'At position 13 of the body in ["two words"]: a value is expected.',
      '["two words"]',
    ],
    [
      "[".repeat(33),
      `At position 32 of the body in ${"[0]".repeat(32)}: nesting is deeper than 32 levels.`,
      "[0]".repeat(32),
    ],
  ]

  for (const [body, message, property] of CASES) {
    test(`${JSON.stringify(String(body)).slice(0, 50)} → ${message.slice(0, 90)}`, () => {
      const { message: said, details } = faultOf(body)
      expect(said).toBe(message)
      expect(details.property).toBe(property)
    })
  }

  test("but never repeats a value, which may be a secret", () => {
    const bodies = [
      '{"password":"hunter2"',
      '{"password":hunter2}',
      '["hunter2",]',
      '{"a":"hunter2","a":"hunter2"}',
    ]
    for (const body of bodies) expect(faultOf(body).message).not.toContain("hunter2")
  })

  test("and shortens a name that somebody made endless", () => {
    expect(faultOf(`{"${"a b".repeat(10_000)}":tru}`).message.length).toBeLessThan(200)
  })
})

describe("an accepted body", () => {
  test("may nest exactly as deeply as the limit says", () => {
    const deepest = "[".repeat(32) + "]".repeat(32)
    expect(parseJsonBody(deepest, LIMITS)).toEqual(JSON.parse(deepest))
    expect(isRefused(`[${deepest}]`)).toBe(true)
  })

  test("may hold brackets, colons and quotes in its strings", () => {
    const value = { 'a"]}:{[': '\\"{[:'.repeat(50) }
    expect(parseJsonBody(JSON.stringify(value), LIMITS)).toEqual(value)
  })

  test("may hold well-formed surrogate pairs, raw and escaped", () => {
    expect(parseJsonBody('["\\ud83d\\ude00","😀"]', LIMITS)).toEqual(["😀", "😀"])
    expect(parseJsonBody(Buffer.from('["😀"]'), LIMITS)).toEqual(["😀"])
  })

  test("may use the same name in different objects", () => {
    expect(parseJsonBody('[{"a":{"a":1}},{"a":2}]', LIMITS)).toEqual([{ a: { a: 1 } }, { a: 2 }])
  })

  test("keeps the sign of zero and the largest exact integers", () => {
    expect(parseJsonBody("[-0,9007199254740991,-9007199254740991]", LIMITS)).toEqual([
      -0,
      2 ** 53 - 1,
      1 - 2 ** 53,
    ])
  })
})

test("a million levels are refused without being parsed", () => {
  const deep = "[".repeat(1_000_000)
  expect(faultOf(deep).details["position"]).toBe(32)
  expect(faultOf(deep + "]".repeat(1_000_000)).details["position"]).toBe(32)
  expect(faultOf('{"a":'.repeat(1_000_000)).details["position"]).toBe(32 * 5)
})

describe("for any body", () => {
  /** Values as JSON.parse makes them, but with the numbers, keys and strings that need care. */
  const { value: anyValue } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom<unknown>(null, true, 0, -0, 1e308, 2 ** 53, 2 ** 53 - 1, 0.1, -7),
      fc.double(),
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom("\ud800", "\udc00", "a", '"', "\\", "\u0000", "{", ":") }),
      fc.array(tie("value")),
      fc.dictionary(
        fc.oneof(fc.string(), fc.constantFrom("constructor", "prototype", "a", "\ud800")),
        tie("value"),
      ),
    ),
  }))

  /** Text that is nearly JSON. */
  const nearlyJson = fc.oneof(
    fc
      .array(
        fc.constantFrom(
          ...'{}[],:"\\ \n0123456789.eE+-'.split(""),
          ...[
            "true",
            "null",
            '"a"',
            '"b"',
            '"a":',
            '{"a":1',
            '"\\u0061":',
            '"\\ud800"',
            '"__proto__":',
            "1e400",
            "\ufeff",
          ],
        ),
        { maxLength: 25 },
      )
      .map((parts) => parts.join("")),
    fc
      .tuple(anyValue, fc.nat(), fc.nat(3), fc.string({ maxLength: 3 }))
      .map(([value, at, removed, inserted]) => {
        const text = JSON.stringify(value) ?? "null"
        const start = at % (text.length + 1)
        return text.slice(0, start) + inserted + text.slice(start + removed)
      }),
  )

  function parsed(text: string): { readonly value: unknown } | undefined {
    try {
      return { value: JSON.parse(text) }
    } catch {
      return undefined
    }
  }

  function checkAgainstJsonParse(text: string) {
    const plain = parsed(text)
    const refused = isRefused(text)
    if (plain === undefined) expect(refused).toBe(true)
    if (!refused) expect(parseJsonBody(text, LIMITS)).toStrictEqual(plain?.value)
    // The quick decision and the careful reader are two implementations of one rule.
    expect(jsonFault(text, LIMITS.jsonDepth) !== undefined).toBe(refused)
  }

  test("what is accepted is what JSON.parse makes of it, and what JSON.parse refuses is refused", () => {
    fc.assert(fc.property(nearlyJson, checkAgainstJsonParse), { numRuns: 6000 })
  })

  test("values that need no care are all accepted", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 10 }), (value) => {
        const text = JSON.stringify(value, (_key, part) =>
          typeof part === "number" && Math.abs(part) > 2 ** 53 - 1 ? 1 : part,
        )
        fc.pre(!/"(__proto__|constructor|prototype)":/.test(text))
        expect(parseJsonBody(Buffer.from(text), LIMITS)).toStrictEqual(JSON.parse(text))
      }),
      { numRuns: 1500 },
    )
  })

  test("bytes and text get the same verdict, unless the bytes are not UTF-8", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 12 }),
          nearlyJson.map((text) => Buffer.from(text)),
        ),
        (array) => {
          const bytes = Buffer.from(array)
          const text = bytes.toString("utf8")
          if (!Buffer.from(text).equals(bytes)) expect(isRefused(bytes)).toBe(true)
          else expect(isRefused(bytes)).toBe(isRefused(text))
        },
      ),
      { numRuns: 3000 },
    )
  })

  test("a name given twice is found at any depth, however it is written", () => {
    const key = fc.string({ minLength: 1, maxLength: 5 }).filter((name) => name.isWellFormed())
    fc.assert(
      fc.property(
        key,
        fc.boolean(),
        fc.nat(25),
        fc.jsonValue({ maxDepth: 2 }),
        (name, escaped, depth, other) => {
          const again = escaped ? `"${escapeAll(name)}"` : JSON.stringify(name)
          const object = `{${JSON.stringify(name)}:1,"other value":${JSON.stringify(other)},${again}:1}`
          fc.pre(name !== "other value")
          expect(isRefused(`${'{"a":['.repeat(depth / 2)}${object}${"]}".repeat(depth / 2)}`)).toBe(true)
        },
      ),
      { numRuns: 1000 },
    )
  })

  function escapeAll(text: string): string {
    const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")
  }
})
