import { defineConfig } from "vitest/config"

/** Real processes, kills and 60 000 devices: one file at a time, after everything else. */
const HEAVY = ["test/crash/**/*.test.ts", "test/end-to-end/**/*.test.ts"]

/** Real Chromium on the Console, where there is one. */
const CONSOLE = ["test/console/**/*.test.ts"]

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "fast",
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [...HEAVY, ...CONSOLE, "node_modules/**"],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: "heavy", include: HEAVY, fileParallelism: false, sequence: { groupOrder: 1 } },
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
