import type { Clock } from "../runtime/clock.ts"
import type { Random } from "../runtime/random.ts"
import { type FaultAction, HTTP2_CODES, type ScriptedAnswer } from "./fault-rules.ts"
import type { ProviderAnswer, ProviderExchange, ProviderService } from "./provider-exchange.ts"

/** Carries out the action of a fault on one request. */

interface FaultStage {
  readonly clock: Clock
  readonly random: Random
  readonly service: ProviderService
}

type ActionOf<Name extends FaultAction["do"]> = Extract<FaultAction, { readonly do: Name }>

const TIMER_MAX_MS = 30_000
const HIGHEST_STREAM_ID = 0x7fff_ffff
const HUGE_BODY_CHUNK = Buffer.alloc(65_536, "x")
const HTML_PAGE = "<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>"

type Performer<Name extends FaultAction["do"]> = (
  action: ActionOf<Name>,
  exchange: ProviderExchange,
  stage: FaultStage,
) => void

const PERFORMERS: { readonly [Name in FaultAction["do"]]: Performer<Name> } = {
  answer: (action, exchange, stage) => exchange.answer(scripted(action, exchange, stage)),
  delay: performDelay,
  slow_body: performSlowBody,
  huge_body: performHugeBody,
  mangle: (action, exchange, stage) =>
    exchange.answer(mangled(action, usualOr(action.answer, exchange, stage))),
  reset_stream: (action, exchange, stage) => {
    if (action.processed === true) process(exchange, stage)
    exchange.resetStream(HTTP2_CODES[action.code])
  },
  refuse_stream: (_action, exchange) => exchange.resetStream(HTTP2_CODES.REFUSED_STREAM),
  goaway: performGoAway,
  fin: (action, exchange, stage) => {
    if (action.processed === true) process(exchange, stage)
    exchange.connection.finish()
  },
  reset: performReset,
  black_hole: (action, exchange, stage) => {
    if (action.processed === true) process(exchange, stage)
    exchange.connection.blackHole()
  },
  stream_limit: (action, exchange, stage) => {
    // Last: the push itself may raise the limit, being the first on its connection.
    const answer = process(exchange, stage)
    exchange.connection.setStreamLimit(action.limit)
    exchange.answer(answer)
  },
  close_keep_alive: (_action, exchange, stage) => {
    exchange.answer(process(exchange, stage))
    exchange.connection.afterFlush(() => exchange.connection.finish())
  },
  expired_access_token: (_action, exchange, stage) => {
    const conduct = { expiredAccessToken: true }
    exchange.answer(stage.service.handle(exchange.request, exchange.connection, conduct))
  },
}

export function performFault(action: FaultAction, exchange: ProviderExchange, stage: FaultStage): void {
  const perform = PERFORMERS[action.do] as (
    action: FaultAction,
    exchange: ProviderExchange,
    stage: FaultStage,
  ) => void
  perform(action, exchange, stage)
}

/** The provider's normal conduct: checks, journals, and returns the answer without sending it. */
function process(exchange: ProviderExchange, stage: FaultStage): ProviderAnswer {
  exchange.markProcessed()
  return stage.service.handle(exchange.request, exchange.connection)
}

function usualOr(
  answer: ScriptedAnswer | undefined,
  exchange: ProviderExchange,
  stage: FaultStage,
): ProviderAnswer {
  return answer === undefined ? process(exchange, stage) : scripted(answer, exchange, stage)
}

function scripted(script: ScriptedAnswer, exchange: ProviderExchange, stage: FaultStage): ProviderAnswer {
  const { service } = stage
  const base: ProviderAnswer =
    script.reason === undefined
      ? { status: 500, headers: {}, body: "" }
      : service.answerFor(script.reason, exchange.request)
  const status = script.status ?? base.status
  const reason = script.reason ?? `Scripted${status}`
  if (service.endpointOf(exchange.request) === "send") service.noteRefusal(exchange.request, reason)
  return {
    ...base,
    status,
    reason,
    headers: { ...base.headers, ...script.headers },
    body: script.body ?? base.body,
    ...(script.statusText !== undefined && { statusText: script.statusText }),
  }
}

function performDelay(action: ActionOf<"delay">, exchange: ProviderExchange, stage: FaultStage): void {
  const { ms } = action
  const wait = typeof ms === "number" ? ms : ms.min + stage.random.fraction() * (ms.max - ms.min)
  if (action.processAfter === true) {
    after(stage.clock, wait, () => {
      if (exchange.isOpen()) exchange.answer(process(exchange, stage))
    })
    return
  }
  const answer = process(exchange, stage)
  after(stage.clock, wait, () => exchange.answer(answer))
}

function performSlowBody(action: ActionOf<"slow_body">, exchange: ProviderExchange, stage: FaultStage): void {
  const answer = usualOr(action.answer, exchange, stage)
  const bytes = Buffer.from(answer.body)
  const size = Math.max(1, Math.ceil(bytes.length / action.parts))
  after(stage.clock, action.headAfterMs ?? 0, () => {
    if (!exchange.isOpen()) return
    const sink = exchange.begin(answer)
    const writeFrom = (start: number): void => {
      if (sink.destroyed) return
      if (start >= bytes.length) {
        sink.end()
      } else {
        sink.write(bytes.subarray(start, start + size))
        after(stage.clock, action.gapMs, () => writeFrom(start + size))
      }
    }
    writeFrom(0)
  })
}

function performHugeBody(action: ActionOf<"huge_body">, exchange: ProviderExchange, stage: FaultStage): void {
  const usual = process(exchange, stage)
  const sink = exchange.begin({ ...usual, status: action.status ?? usual.status })
  let left = action.bytes
  const pump = (): void => {
    while (left > 0 && !sink.destroyed) {
      const part = HUGE_BODY_CHUNK.subarray(0, Math.min(left, HUGE_BODY_CHUNK.length))
      left -= part.length
      if (!sink.write(part)) {
        sink.once("drain", pump)
        return
      }
    }
    if (!sink.destroyed) sink.end()
  }
  pump()
}

function mangled(action: ActionOf<"mangle">, answer: ProviderAnswer): ProviderAnswer {
  const body = answer.body === "" ? '{"reason":"InternalServerError"}' : answer.body
  switch (action.how) {
    case "truncated_json":
      return { ...answer, body: body.slice(0, Math.ceil(body.length / 2)) }
    case "invalid_json":
      return { ...answer, body: `{'reason': ${body.length},,` }
    case "html":
      return { ...answer, headers: { ...answer.headers, "content-type": "text/html" }, body: HTML_PAGE }
    case "empty":
      return { ...answer, body: "" }
    case "wrong_content_type":
      return { ...answer, headers: { ...answer.headers, "content-type": "image/png" }, body }
  }
}

function performGoAway(action: ActionOf<"goaway">, exchange: ProviderExchange, stage: FaultStage): void {
  const { connection, streamId } = exchange
  const lastStreamId = lastStreamOf(action, exchange)
  if (streamId <= lastStreamId) exchange.answer(usualOr(action.answer, exchange, stage))
  const notice = {
    code: HTTP2_CODES[action.code ?? "NO_ERROR"],
    lastStreamId,
    opaqueData: action.reason === undefined ? "" : JSON.stringify({ reason: action.reason }),
  }
  for (let sent = 0; sent < (action.times ?? 1); sent += 1) connection.goAway(notice)
  // Twice: the first flush lets the answers go, the second one the GOAWAY behind them.
  const ending = action.afterwards
  if (ending === "fin") connection.afterFlush(() => connection.afterFlush(() => connection.finish()))
  if (ending === "reset") connection.afterFlush(() => connection.afterFlush(() => connection.reset()))
}

function lastStreamOf(action: ActionOf<"goaway">, exchange: ProviderExchange): number {
  const { lastStream = "this" } = action
  const processed = exchange.connection.lastProcessedStream
  switch (lastStream) {
    case "before":
      return Math.max(0, exchange.streamId - 2, processed)
    case "this":
      return Math.max(exchange.streamId, processed)
    case "zero":
      return 0
    case "max":
      return HIGHEST_STREAM_ID
    default:
      return lastStream
  }
}

function performReset(action: ActionOf<"reset">, exchange: ProviderExchange, stage: FaultStage): void {
  const { connection, request } = exchange
  const answer = action.when === "before_headers" ? undefined : process(exchange, stage)
  if (answer === undefined || action.when !== "after_headers") {
    connection.reset()
    return
  }
  const sink = exchange.begin(answer)
  // HTTP/1.1 sends the head with the first bytes of the body.
  if (request.protocol === "http/1.1") sink.write(" ")
  connection.afterFlush(() => connection.reset())
}

/** A timer of any length: the clock's own end at 30 s. */
function after(clock: Clock, ms: number, callback: () => void): void {
  if (ms <= 0) {
    callback()
    return
  }
  const step = Math.min(ms, TIMER_MAX_MS)
  clock.after(step, () => after(clock, ms - step, callback))
}
