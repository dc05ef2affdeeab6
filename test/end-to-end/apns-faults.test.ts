import { afterAll, beforeAll, describe, test } from "vitest"
import { APNS_ANSWERS, APNS_LATER, APNS_TRANSPORT } from "./apns-faults.ts"
import { openFaultStage } from "./fault-stage.ts"
import { HTTP2_FAULTS } from "./http2-faults.ts"

describe.each(["belfry", "node"])("Over the HTTP/2 of %s.", (http2) => {
  let stage: Awaited<ReturnType<typeof openFaultStage>>

  beforeAll(async () => {
    stage = await openFaultStage("apns", { "provider-http2-client": http2 })
  })

  afterAll(() => stage[Symbol.asyncDispose]())

  describe("What APNs answers decides what becomes of message, token and credential:", () => {
    test.each(APNS_ANSWERS)("$name", (script) => stage.play(script))
  })

  describe("What APNs wants later is sent later:", () => {
    test.each(APNS_LATER)("$name", (script) => stage.play(script))
  })

  describe("Nothing is lost and copies are bounded when connections to APNs break:", () => {
    test.each([...APNS_TRANSPORT, ...HTTP2_FAULTS])("$name", (script) => stage.play(script))
  })
})
