import fc from "fast-check"
import { describe, it } from "vitest"
import { History } from "./message-history.ts"
import { step } from "./message-steps.ts"
import { MessageWorld, type OpenMessageStore } from "./message-world.ts"

/**
 * A small model of the law: sets in memory instead of segments, cursors and pages. Random histories of apps, publishers,
 * engines and crashes are told to the store and to the model, and after every step the two must agree.
 */
export function messageModelContract(name: string, open: OpenMessageStore): void {
  describe(`${name}: random histories`, () => {
    it("every device of every audience is accounted for exactly once, and nobody else is", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 5, maxLength: 60, size: "max" }),
          fc.nat(),
          async (steps, seed) => {
            await using world = await MessageWorld.open(open, { segmentDevices: (seed % 4) + 1 })
            const history = new History(world)
            for (const one of steps) {
              await history.apply(one)
              await history.check()
            }
            await history.drain()
            await history.check()
          },
        ),
        { numRuns: 60 },
      )
    })
  })
}
