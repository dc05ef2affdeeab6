import { request } from "node:http"

export interface Reply {
  readonly status: number
  readonly body: unknown
}

export interface ErrorBody {
  readonly code: number
  readonly message: string
  readonly errorData: Readonly<Record<string, unknown>>
}

/** One HTTP call on a connection of its own, which no skipped hour can find closed. */
export function call(
  method: string,
  url: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body)
  const content =
    text === undefined
      ? {}
      : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent: false, headers: { ...content, ...headers } }, (response) => {
      const chunks: Buffer[] = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.on("error", reject)
      response.on("end", () => {
        const answer = Buffer.concat(chunks).toString("utf8")
        resolve({ status: response.statusCode ?? 0, body: answer === "" ? undefined : JSON.parse(answer) })
      })
    })
    sent.on("error", reject)
    sent.end(text)
  })
}

/** The body of an answer that must be 200. */
export async function expected<Body>(reply: Promise<Reply>): Promise<Body> {
  const { status, body } = await reply
  if (status !== 200) throw new Error(`answered with ${status}: ${JSON.stringify(body)}`)
  return body as Body
}
