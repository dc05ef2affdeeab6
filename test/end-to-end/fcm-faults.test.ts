import { afterAll, beforeAll, describe, test } from "vitest"
import { openFaultStage } from "./fault-stage.ts"
import { FCM_ACCESS, FCM_ANSWERS, FCM_LATER } from "./fcm-faults.ts"
import { HTTP2_FAULTS } from "./http2-faults.ts"

describe.each(["belfry", "node"])("Over the HTTP/2 of %s.", (http2) => {
  let stage: Awaited<ReturnType<typeof openFaultStage>>

  beforeAll(async () => {
    stage = await openFaultStage("fcm", { "provider-http2-client": http2 })
  })

  afterAll(() => stage[Symbol.asyncDispose]())

  describe("What FCM answers decides what becomes of message, token and credential:", () => {
    test.each(FCM_ANSWERS)("$name", (script) => stage.play(script))
  })

  describe("What FCM wants later is sent later:", () => {
    test.each(FCM_LATER)("$name", (script) => stage.play(script))
  })

  describe("Nothing is lost and copies are bounded when access tokens and connections fail:", () => {
    test.each([...FCM_ACCESS, ...HTTP2_FAULTS])("$name", (script) => stage.play(script))
  })
})
