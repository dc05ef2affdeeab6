import { createRequire } from "node:module"
import { tokenOf } from "./bench-tokens.ts"
import { benchMessage, TITLE } from "./contender.ts"
import { scriptSetup, serveRuns } from "./serve-runs.ts"

/** @parse/node-apn, given tokens in memory, a thousand at once as its README advises. */

interface NodeApn {
  readonly Provider: new (
    options: object,
  ) => {
    send(
      notification: object,
      tokens: readonly string[],
    ): Promise<{ readonly sent: readonly unknown[]; readonly failed: readonly unknown[] }>
  }
  readonly Notification: new (fields: object) => object
}

const BATCH = 1_000
const { port, ca, apns, tokens } = scriptSetup()
const { Provider, Notification }: NodeApn = createRequire(import.meta.url)("@parse/node-apn")
const { privateKey, keyId, teamId, topic } = apns
const provider = new Provider({
  token: { key: privateKey, keyId, teamId },
  production: true,
  address: "127.0.0.1",
  port,
  ca,
})
const all = Array.from({ length: tokens }, (_, index) => tokenOf(index))

serveRuns(async (pushes) => {
  let failed = 0
  for (let from = 0; from < pushes; from += BATCH) {
    const notification = new Notification({
      topic,
      pushType: "alert",
      priority: 10,
      expiry: Math.floor(performance.timeOrigin / 1000) + 3_600,
      alert: { title: TITLE, body: benchMessage() },
      payload: { messageId: "message:6ED94D19-172B-48AE-BB2C-7AA8E305CD31", message: benchMessage() },
    })
    const result = await provider.send(notification, all.slice(from, Math.min(pushes, from + BATCH)))
    failed += result.failed.length
  }
  return { failed }
})
