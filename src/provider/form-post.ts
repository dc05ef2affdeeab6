import type { ClientRequest } from "node:http"
import { request as requestHttps } from "node:https"
import type { Clock } from "../runtime/clock.ts"
import { request as requestHttp } from "../runtime/node-http.ts"

export interface FormReply {
  readonly status: number
  readonly retryAfter: string | undefined
  /** At most `REPLY_BYTES_MAX` bytes. */
  readonly body: string
}

const REPLY_BYTES_MAX = 65_536

export interface FormPost {
  readonly url: string
  readonly form: Readonly<Record<string, string>>
  readonly ca: string | undefined
  readonly timeoutMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Posts a form and returns the reply whatever its status. Follows no redirect. Rejects when there is no reply. */
export function postForm(post: FormPost): Promise<FormReply> {
  const body = new URLSearchParams(post.form).toString()
  return new Promise((resolve, reject) => {
    const request = openRequest(post, Buffer.byteLength(body))
    const stopClock = post.clock.after(post.timeoutMs, () => request.destroy(new Error("time-out")))
    let isAnswered = false
    // May come before the end of a reply that ends with its connection.
    request.on("close", () => {
      stopClock()
      if (!isAnswered) reject(new Error("no reply"))
    })
    request.on("error", reject)
    request.on("response", (response) => {
      isAnswered = true
      const chunks: Buffer[] = []
      let bytes = 0
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > REPLY_BYTES_MAX) request.destroy(new Error("the reply is too large"))
        else chunks.push(chunk)
      })
      response.on("error", reject)
      response.on("end", () => {
        const retryAfter = response.headers["retry-after"]
        resolve({
          status: response.statusCode ?? 0,
          retryAfter,
          body: Buffer.concat(chunks).toString("utf8"),
        })
      })
    })
    request.end(body)
  })
}

function openRequest(post: FormPost, contentLength: number): ClientRequest {
  const url = new URL(post.url)
  const request = url.protocol === "http:" ? requestHttp : requestHttps
  return request(url, {
    method: "POST",
    // A renewal an hour needs no pool.
    agent: false,
    signal: post.signal,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "content-length": contentLength,
      accept: "application/json",
    },
    ...(post.ca === undefined ? {} : { ca: post.ca }),
  })
}
