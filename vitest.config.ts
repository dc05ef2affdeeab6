import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

/** Real processes, kills and 60 000 devices: after everything else, two files at a time, which mostly wait. */
const HEAVY = ["test/crash/**/*.test.ts", "test/end-to-end/**/*.test.ts"]

/** What takes longest begins first, or everybody waits for it in the end. */
const LONGEST = [
  "fan-out.test.ts",
  "drain.test.ts",
  "fan-out-once.test.ts",
  "start-and-publish.test.ts",
  "registrations.test.ts",
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/crash/${name}`))
      return place < 0 ? LONGEST.length : place
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

/** Far beyond what a loaded machine needs: they end a test that waits for what never comes, and measure nothing. */
const TEST_MS = 180_000
const POLL_MS = 60_000

/** Fills it once, and has every process of tests use it. */
const COMPILE_CACHE = "test/compile-cache.ts"

/** Real Chromium on the Console, where there is one. */
const CONSOLE = ["test/console/**/*.test.ts"]

export default defineConfig({
  test: {
    testTimeout: TEST_MS,
    hookTimeout: TEST_MS,
    globalSetup: [COMPILE_CACHE],
    setupFiles: [COMPILE_CACHE],
    expect: { poll: { timeout: POLL_MS } },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "fast",
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [...HEAVY, ...CONSOLE, "node_modules/**"],
          // Vitest would leave a core free: of two, half.
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: "heavy", include: HEAVY, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: "console",
          include: CONSOLE,
          globalSetup: ["test/console/built-console.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
