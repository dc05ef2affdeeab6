import { expect } from "vitest"
import { axeProblems, settled, type View } from "./console-world.ts"

/** Nothing that axe finds serious, nothing beside the window, no complaint of the browser, nothing hostile that ran. */
export async function expectSound(view: View): Promise<void> {
  const { page, complaints } = view
  await settled(view)
  expect(await axeProblems(view)).toEqual([])
  expect(
    await page.evaluate(() => ({
      overflows: document.documentElement.scrollWidth > document.documentElement.clientWidth,
      ran: "hacked" in window,
      planted: document.querySelectorAll("img[src='x'], main script").length,
    })),
  ).toEqual({ overflows: false, ran: false, planted: 0 })
  expect(complaints).toEqual([])
}
