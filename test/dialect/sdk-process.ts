import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { SdkCall, SdkResult, SdkStart } from "./sdk-session.ts"

const SESSION = fileURLToPath(new URL("./sdk-session.ts", import.meta.url))
const run = promisify(execFile)

export interface SdkSession {
  readonly results: readonly SdkResult[]
  /** What the SDK complained about on its own. */
  readonly complaints: string
}

/** Runs the official SDK in a process of its own: what each call gave, in their order. */
export async function sdkSession(start: SdkStart, calls: readonly SdkCall[]): Promise<SdkSession> {
  const words = [SESSION, JSON.stringify(start), JSON.stringify(calls)]
  const { stdout, stderr } = await run(process.execPath, words)
  return { results: JSON.parse(stdout), complaints: stderr }
}
