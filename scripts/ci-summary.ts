import { readFileSync } from "node:fs"
import { join } from "node:path"

/** The last line of `.ci/run`: passed and failed, over the tests and the checks. A suite without a result has failed. */

interface Counts {
  readonly passed: number
  readonly failed: number
}

function read<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T
  } catch {
    return undefined
  }
}

interface TestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numFailedTestSuites: number
  readonly success: boolean
}

function tests(folder: string): Counts {
  const report = read<TestReport>(join(folder, "tests.json"))
  if (report === undefined || report.numPassedTests === 0) return { passed: 0, failed: 1 }
  // A file that cannot be loaded fails without a failed test in it.
  const failed = Math.max(report.numFailedTests, report.success ? 0 : 1)
  return { passed: report.numPassedTests, failed }
}

const folder = process.argv[2] ?? ""
const parts = [tests(folder), read<Counts>(join(folder, "checks.json")) ?? { passed: 0, failed: 1 }]
const passed = parts.reduce((sum, counts) => sum + counts.passed, 0)
const failed = parts.reduce((sum, counts) => sum + counts.failed, 0)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
