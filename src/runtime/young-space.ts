import { PerformanceObserver } from "node:perf_hooks"
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8"

/** Two halves of 4 MB. */
const BYTES_MAX = 8 * 2 ** 20

/**
 * Lets V8's space for young objects grow, but not to the 33 MB that it takes by itself: small objects that live as long as
 * a push would not notice, and the limit of the old space grows with it. V8 can be told its largest size only on the command
 * line, so the growth is stopped from here.
 */
export function growYoungSpace(): void {
  setFlagsFromString("--semi-space-growth-factor=2")
  const observer = new PerformanceObserver(() => {
    const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")
    if (space === undefined || space.space_size < BYTES_MAX) return
    setFlagsFromString("--semi-space-growth-factor=1")
    observer.disconnect()
  })
  observer.observe({ entryTypes: ["gc"] })
}
