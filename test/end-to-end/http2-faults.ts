import { always, type FaultScript, GIVEN_UP_MS, ONE_COPY, once, SECOND_COPY } from "./fault-script.ts"
import { warmUp } from "./warm-up.ts"

/** What can go wrong with a stream or a connection of HTTP/2: the same for Apple and Google. */
export const HTTP2_FAULTS: readonly FaultScript[] = [
  {
    name: "REFUSED_STREAM was certainly not processed and costs no copy",
    faults: once({ do: "refuse_stream" }),
    publish: { delivery: "at-most-once" },
    ...ONE_COPY,
  },
  {
    name: "RST_STREAM of a push that was not processed risks a copy",
    faults: once({ do: "reset_stream", code: "INTERNAL_ERROR" }),
    ...ONE_COPY,
  },
  {
    name: "RST_STREAM of a push that was processed makes a second copy",
    faults: once({ do: "reset_stream", code: "INTERNAL_ERROR", processed: true }),
    ...SECOND_COPY,
  },
  {
    name: "answers that are lost again and again make two copies and no third",
    faults: always({ do: "reset_stream", code: "CANCEL", processed: true }),
    outcome: "outcome_unknown",
    reason: "RST_STREAM 8",
    copies: 2,
    processed: 2,
  },
  {
    name: "with at-most-once a lost answer leaves one copy and an unknown outcome",
    faults: once({ do: "reset_stream", code: "INTERNAL_ERROR", processed: true }),
    publish: { delivery: "at-most-once" },
    outcome: "outcome_unknown",
    reason: "RST_STREAM 2",
    copies: 1,
    processed: 1,
  },
  {
    name: "GOAWAY before the push: not processed, costs no copy",
    faults: once({ do: "goaway", lastStream: "before" }),
    publish: { delivery: "at-most-once" },
    ...ONE_COPY,
  },
  {
    name: "GOAWAY after the push lets it be answered",
    faults: once({ do: "goaway", lastStream: "this" }),
    ...ONE_COPY,
  },
  {
    name: "GOAWAY with last stream 0 costs no copy",
    faults: once({ do: "goaway", lastStream: "zero" }),
    publish: { delivery: "at-most-once" },
    ...ONE_COPY,
  },
  {
    name: "GOAWAY with the highest last stream lets everything be answered",
    faults: once({ do: "goaway", lastStream: "max" }),
    ...ONE_COPY,
  },
  {
    name: "GOAWAY that comes five times is one GOAWAY",
    faults: once({ do: "goaway", lastStream: "this", times: 5 }),
    ...ONE_COPY,
  },
  {
    name: "GOAWAY that is followed by FIN costs no copy of what it disowns",
    faults: once({ do: "goaway", lastStream: "before", afterwards: "fin" }),
    publish: { delivery: "at-most-once" },
    ...ONE_COPY,
  },
  {
    name: "GOAWAY that is followed by RST costs no copy of what it disowns",
    faults: once({ do: "goaway", lastStream: "before", afterwards: "reset" }),
    ...ONE_COPY,
  },
  {
    name: "GOAWAY ENHANCE_YOUR_CALM of a push it disowns costs no copy",
    faults: once({ do: "goaway", code: "ENHANCE_YOUR_CALM", lastStream: "before", reason: "too many" }),
    publish: { delivery: "at-most-once" },
    ...ONE_COPY,
  },
  {
    name: "GOAWAY in the middle of a burst: everybody gets one copy",
    before: warmUp,
    devices: 8,
    faults: [{ when: { nth: 4 }, action: { do: "goaway", lastStream: "this" } }],
    ...ONE_COPY,
  },
  {
    name: "FIN under an open stream risks a copy",
    faults: once({ do: "fin" }),
    ...ONE_COPY,
  },
  {
    name: "FIN instead of an answer makes a second copy",
    faults: once({ do: "fin", processed: true }),
    ...SECOND_COPY,
  },
  {
    name: "FIN instead of an answer, with at-most-once, leaves the outcome unknown",
    faults: once({ do: "fin", processed: true }),
    publish: { delivery: "at-most-once" },
    outcome: "outcome_unknown",
    reason: /.+/,
    copies: 1,
    processed: 1,
  },
  {
    name: "RST of the connection before the push was processed risks a copy",
    faults: once({ do: "reset", when: "before_headers" }),
    ...ONE_COPY,
  },
  {
    name: "RST of the connection after the push was processed makes a second copy",
    faults: once({ do: "reset", when: "after_processed" }),
    ...SECOND_COPY,
  },
  {
    name: "a connection that falls silent is found dead by its ping",
    faults: once({ do: "black_hole" }),
    silentMs: GIVEN_UP_MS,
    ...ONE_COPY,
  },
  {
    name: "a connection that falls silent after the push makes a second copy",
    faults: once({ do: "black_hole", processed: true }),
    silentMs: GIVEN_UP_MS,
    ...SECOND_COPY,
  },
  {
    name: "an answer that takes a minute is given up, and makes a second copy",
    faults: once({ do: "delay", ms: 60_000 }),
    silentMs: GIVEN_UP_MS,
    ...SECOND_COPY,
  },
  {
    name: "an answer that takes a minute, with at-most-once, leaves the outcome unknown",
    faults: once({ do: "delay", ms: 60_000 }),
    publish: { delivery: "at-most-once" },
    silentMs: GIVEN_UP_MS,
    outcome: "outcome_unknown",
    // A ping that is answered late under load is noticed first.
    reason: /^(?:request|ping) time-out$/,
    copies: 1,
    processed: 1,
  },
  {
    name: "an answer that takes three seconds is waited for",
    faults: once({ do: "delay", ms: 3_000 }),
    silentMs: 4_000,
    ...ONE_COPY,
  },
  {
    name: "a body of 10 MB behind the answer changes nothing",
    faults: once({ do: "huge_body", bytes: 10_485_760, status: 200 }),
    ...ONE_COPY,
  },
  {
    name: "a limit of one stream in the middle of a burst is kept to",
    before: warmUp,
    devices: 8,
    faults: [{ when: { nth: 2 }, action: { do: "stream_limit", limit: 1 } }],
    ...ONE_COPY,
  },
  {
    name: "a connection that allows no stream any more is replaced by another",
    before: async (scene) => {
      const { faults } = scene.world.simulators
      faults.add({ provider: scene.provider, action: { do: "stream_limit", limit: 0 }, times: 1 })
      await warmUp(scene)
      faults.clear()
    },
    ...ONE_COPY,
  },
]
