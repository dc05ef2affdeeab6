import { createRequire } from "node:module"
import { FCM_PROJECT, tokenOf } from "./bench-tokens.ts"
import { benchMessage, TITLE } from "./contender.ts"
import { scriptSetup, serveRuns } from "./serve-runs.ts"

/**
 * firebase-admin's sendEach, given tokens in memory, 500 at once, which is the most it takes. Its host is fixed: the
 * connection is led to the receiver instead, and its `:scheme` of "https:" put right, which nghttp2 refuses.
 */

interface SendResult {
  readonly failureCount: number
}

const BATCH = 500
const { port, ca, tokens } = scriptSetup()
const require = createRequire(import.meta.url)

const http2 = require("node:http2")
const connect = http2.connect
http2.connect = (_authority: string, options: object) => {
  const session = connect(`https://127.0.0.1:${port}`, { ...options, ca })
  const request = session.request.bind(session)
  session.request = (headers: Record<string, string>) => request({ ...headers, ":scheme": "https" })
  return session
}

const { initializeApp } = require("firebase-admin/app")
const { getMessaging } = require("firebase-admin/messaging")
const credential = { getAccessToken: async () => ({ access_token: "x".repeat(150), expires_in: 3_600 }) }
const messaging = getMessaging(initializeApp({ projectId: FCM_PROJECT, credential }))
const all = Array.from({ length: tokens }, (_, index) => tokenOf(index))

serveRuns(async (pushes) => {
  let failed = 0
  for (let from = 0; from < pushes; from += BATCH) {
    const messages = all.slice(from, Math.min(pushes, from + BATCH)).map((token) => ({
      token,
      android: { priority: "high", ttl: 3_600_000 },
      data: {
        message: benchMessage(),
        "android-content-title": TITLE,
        messageId: "message:6ED94D19-172B-48AE-BB2C-7AA8E305CD31",
      },
    }))
    const { failureCount }: SendResult = await messaging.sendEach(messages)
    failed += failureCount
  }
  return { failed }
})
