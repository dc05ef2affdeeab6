import type { ScriptResult, ScriptSetup } from "./contender.ts"

export function scriptSetup(): ScriptSetup {
  return JSON.parse(process.argv[2] ?? "") as ScriptSetup
}

/** The sending side of `openScript`: every message is a number of pushes to send, answered when all are answered. */
export function serveRuns(send: (pushes: number) => Promise<{ readonly failed: number }>): void {
  process.on("message", (pushes: number) => {
    const start = performance.now()
    send(pushes).then(
      ({ failed }) => {
        const result: ScriptResult = { failed, seconds: (performance.now() - start) / 1000 }
        process.send?.(result)
      },
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
  process.send?.("ready")
}
