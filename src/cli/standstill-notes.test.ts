import { expect, test } from "vitest"
import { FakeClock } from "../runtime/clock.ts"
import { StandstillNotes } from "./standstill-notes.ts"

function watch() {
  const clock = new FakeClock()
  const told: string[] = []
  const notes = new StandstillNotes(clock, (text) => told.push(text))
  const see = async (state: "running" | "paused" | "cancelled", pending: number, retrying = 0) => {
    for (let looks = 0; looks < 3; looks += 1) {
      notes.note({ message: { state, audienceSize: 3 }, pending, retrying })
      await clock.advance(5_000)
    }
  }
  return { told, see }
}

test("a message that nobody begins with asks for the server, once", async () => {
  const { told, see } = watch()
  await see("running", 3)
  await see("running", 3)
  expect(told).toEqual(["nothing moves yet; does a server run on this data directory?"])
})

test("one that goes on says nothing, however long its devices wait", async () => {
  const { told, see } = watch()
  await see("running", 3, 1)
  await see("running", 2)
  expect(told).toEqual([])
})

test("one that was paused says that, and one that was cancelled who has yet to note it", async () => {
  const { told, see } = watch()
  await see("running", 2)
  await see("paused", 2)
  await see("cancelled", 2)
  await see("cancelled", 1)
  expect(told).toEqual([
    "the message is paused, and goes on when somebody resumes it.",
    "the message is cancelled, which a server that runs on this data directory has yet to note for 2 devices.",
  ])
})
