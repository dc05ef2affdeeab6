import { afterAll, beforeAll, describe, test } from "vitest"
import { openFaultStage } from "./fault-stage.ts"
import { WNS_ANSWERS, WNS_LATER, WNS_TRANSPORT } from "./wns-faults.ts"

let stage: Awaited<ReturnType<typeof openFaultStage>>

beforeAll(async () => {
  stage = await openFaultStage("wns")
})

afterAll(() => stage[Symbol.asyncDispose]())

describe("What WNS answers decides what becomes of message, token and credential:", () => {
  test.each(WNS_ANSWERS)("$name", (script) => stage.play(script))
})

describe("What WNS wants later is sent later:", () => {
  test.each(WNS_LATER)("$name", (script) => stage.play(script))
})

describe("Nothing is lost and copies are bounded when access tokens and connections fail:", () => {
  test.each(WNS_TRANSPORT)("$name", (script) => stage.play(script))
})
