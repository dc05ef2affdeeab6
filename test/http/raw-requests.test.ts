import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { seededRandom } from "../../src/runtime/random.ts"
import * as bodies from "./raw/bodies.ts"
import { type Answer, chunked, get, HOST, post, type RawCase } from "./raw/case.ts"
import { type Exchange, type ExchangeOptions, exchange, type RawAnswer } from "./raw/exchange.ts"
import * as framing from "./raw/framing.ts"
import * as headers from "./raw/headers.ts"
import { pipelines } from "./raw/pipelines.ts"
import * as requestLine from "./raw/request-line.ts"
import { listenToyServer, plainEcho } from "./toy-server.ts"

/** Real sockets, raw bytes, a declared verdict for each (reliability.md T-14c): never two answers, never a hang. */

const GROUPS: Record<string, readonly RawCase[]> = {
  ...prefixed("request line", requestLine),
  ...prefixed("headers", headers),
  ...prefixed("framing", framing),
  ...prefixed("bodies", bodies),
  pipelines,
}

function prefixed(prefix: string, groups: Record<string, readonly RawCase[]>) {
  return Object.fromEntries(Object.entries(groups).map(([name, cases]) => [`${prefix}: ${name}`, cases]))
}

/**
 * Short, so that whatever is left open is closed by the server while the test looks on, and seconds, so that no request is
 * late because the machine is slow: all of them wait at the same time. The headers of a further request are waited for as
 * long as for the request itself, which must not be the shorter time.
 */
const SHORT_TIMES = {
  headersTimeoutMs: 3000,
  requestTimeoutMs: 3500,
  timeoutCheckMs: 100,
  keepAliveMs: 4000,
  lingerMs: 3000,
}

const random = seededRandom(20)

let server: Awaited<ReturnType<typeof listenToyServer>>
let serverOfDefaults: Awaited<ReturnType<typeof listenToyServer>>
let slowHeaders: Promise<Exchange & { readonly stalledMs: number }>
const results = new Map<RawCase, Promise<Exchange>>()
const resultsInPieces = new Map<RawCase, Promise<Exchange>>()
const resultsBehindPlain = new Map<RawCase, Promise<Exchange>>()
const plain = plainEcho()

/** Resolves when the bytes of the case are on their way; what they are answered, the server is given time for. */
async function begin(
  exchanges: Map<RawCase, Promise<Exchange>>,
  raw: RawCase,
  options: ExchangeOptions = {},
): Promise<void> {
  const sent = Promise.withResolvers<void>()
  const exchanged = exchange(server.port, raw, { ...options, onSent: sent.resolve })
  exchanges.set(raw, exchanged)
  await Promise.race([sent.promise, exchanged.catch(() => {})])
}

beforeAll(async () => {
  server = await listenToyServer({ connections: SHORT_TIMES, plainLane: plain.handle })
  serverOfDefaults = await listenToyServer()
  for (const cases of Object.values(GROUPS)) {
    // All are open at once: each waits for the server to close its connection.
    for (const raw of cases) {
      const cuts = [1, 2, 3].map(() => Math.floor(random.fraction() * raw.send.length))
      await Promise.all([
        begin(results, raw),
        begin(resultsInPieces, raw, { cuts }),
        begin(resultsBehindPlain, raw, { before: [post("[1]"), post("[2]")] }),
      ])
    }
  }
  await Promise.allSettled([...results.values(), ...resultsInPieces.values(), ...resultsBehindPlain.values()])
  // Alone: it would be measured with a thousand connections at once.
  const unfinished = `GET /healthz HTTP/1.1\r\n${HOST}\r\nX-A: a`
  const stalls = watchStalls()
  const slow = { name: "slow headers", send: unfinished, answers: [] }
  slowHeaders = exchange(serverOfDefaults.port, slow).then((seen) => ({ ...seen, stalledMs: stalls.end() }))
})

afterAll(async () => {
  await server.close(AbortSignal.abort())
  await serverOfDefaults.close(AbortSignal.abort())
})

for (const [group, cases] of Object.entries(GROUPS)) {
  describe(group, () => {
    for (const raw of cases) {
      test(`${raw.name}, in pieces`, async () => {
        const { answers, rest } = await (resultsInPieces.get(raw) as Promise<Exchange>)
        expect(answers.map(summary)).toEqual(raw.answers.map(({ status, code }) => ({ status, code })))
        expect(rest).toBe("")
      })

      // Who says nothing after an answered request has made none: its connection is closed without a word.
      if (raw.send.length > 0)
        test(`${raw.name}, behind a request that the plain lane answered`, async () => {
          const { answers, rest } = await (resultsBehindPlain.get(raw) as Promise<Exchange>)
          expect(answers.map(summary)).toEqual(raw.answers.map(({ status, code }) => ({ status, code })))
          expect(rest).toBe("")
          for (const [index, answer] of answers.entries()) checkAnswer(answer, raw.answers[index] as Answer)
        })

      test(`${raw.name} → ${raw.answers.map(({ status }) => status).join(", ") || "closed"}`, async () => {
        const { answers, rest } = await (results.get(raw) as Promise<Exchange>)
        expect(answers.map(summary)).toEqual(raw.answers.map(({ status, code }) => ({ status, code })))
        expect(rest).toBe("")
        for (const [index, answer] of answers.entries()) checkAnswer(answer, raw.answers[index] as Answer)
      })
    }
  })
}

function summary({ status, body }: RawAnswer) {
  return { status, code: status < 400 ? undefined : errorCode(body) }
}

/** A HEAD request is answered without the envelope. */
function errorCode(body: string): number | undefined {
  return body === "" ? undefined : JSON.parse(body).code
}

function checkAnswer(answer: RawAnswer, expected: Answer) {
  expect(answer.headers).toMatchObject({
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  })
  expect(answer.headers).not.toHaveProperty("server")
  expect(answer.headers).not.toHaveProperty("x-powered-by")
  if (expected.code === undefined) return
  expect(JSON.parse(answer.body)).toEqual({
    code: expected.code,
    message: expect.stringMatching(/^[A-Z].*\.$/s),
    errorData: expect.objectContaining({ docs: expect.stringContaining("docs/errors.md#") }),
  })
}

test("the plain lane answered a request before each case", () => {
  const cases = Object.values(GROUPS).reduce((sum, group) => sum + group.length, 0)
  expect(plain.taken()).toBeGreaterThanOrEqual(cases)
})

test("the corpus has at least 150 cases, each with a name of its own", () => {
  const names = Object.entries(GROUPS).flatMap(([group, cases]) =>
    cases.map(({ name }) => `${group}: ${name}`),
  )
  expect(names.length).toBeGreaterThanOrEqual(150)
  expect(new Set(names).size).toBe(names.length)
})

/** One to three bytes of a good pipeline replaced, removed or repeated, with a taste for those that mean something. */
function mutation(): RawCase {
  const bytes = Buffer.from(
    post('{"a":[1,"b"]}') + chunked("2\r\n{}\r\n0\r\n\r\n") + get("/healthz"),
    "latin1",
  )
  let mutated = bytes
  for (let count = 1 + Math.floor(random.fraction() * 3); count > 0; count--) {
    const at = Math.floor(random.fraction() * mutated.length)
    const odd = Buffer.from('\r\n\0 :;,/%.\t0\x7f\xff{"', "latin1")
    const replacement = [
      odd.subarray(at % odd.length, (at % odd.length) + 1),
      Buffer.alloc(0),
      mutated.subarray(at, at + 9),
    ]
    const inserted = replacement[Math.floor(random.fraction() * replacement.length)] as Buffer
    mutated = Buffer.concat([mutated.subarray(0, at), inserted, mutated.subarray(at + 1)])
  }
  return { name: "mutation", send: mutated, answers: [] }
}

/** Never 500, and at most one answer for each request and one for what has become rubbish behind them. */
const MAY_ANSWER = new Set([200, 400, 403, 404, 405, 408, 413, 415, 417, 431])

test("whatever bytes are changed in three good requests, each answer is whole and none is one too many", async () => {
  const mutations = Array.from({ length: 400 }, mutation)
  const exchanges = await Promise.all(mutations.map((raw) => exchange(server.port, raw)))
  for (const [index, { answers, rest }] of exchanges.entries()) {
    const sent = JSON.stringify(mutations[index]?.send.toString("latin1"))
    expect(rest, sent).toBe("")
    expect(answers.length, sent).toBeLessThanOrEqual(4)
    for (const { status } of answers) expect(MAY_ANSWER, sent).toContain(status)
  }
})

test("with its own settings, the server gives up on slow headers within 7 seconds", async () => {
  const { answers, durationMs, stalledMs } = await slowHeaders
  expect(answers.map(summary)).toEqual([{ status: 408, code: 90009 }])
  expect(durationMs - stalledMs).toBeLessThan(7000)
})

const TICK_MS = 20

/** For how long this process, server and client, did not come to anything: what a busy machine adds to a duration. */
function watchStalls() {
  let stalledMs = 0
  let last = performance.now()
  const ticking = setInterval(() => {
    const now = performance.now()
    stalledMs += Math.max(0, now - last - 2 * TICK_MS)
    last = now
  }, TICK_MS)
  return {
    end() {
      clearInterval(ticking)
      return stalledMs
    },
  }
}
