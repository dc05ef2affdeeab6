import { Agent, type IncomingMessage, request } from "node:http"

/** The management API of a server on this machine, over one connection that is kept. */
export interface Management {
  /** The body of an answer that must be 200, parsed. */
  json(method: "GET" | "POST", path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>>
  /** Reads a whole answer, or of a stream its first bytes; resolves with how many bytes there were. */
  read(path: string, isStream: boolean): Promise<number>
}

export function openManagement(port: number, token: string): Management {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = (method: string, path: string, body: unknown, own: Agent | false) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const headers = {
        authorization: `Bearer ${token}`,
        ...(text !== undefined && {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(text),
        }),
      }
      const sent = request({ port, host: "127.0.0.1", path, method, headers, agent: own }, resolve)
      sent.on("error", reject)
      sent.end(text)
    })
  return {
    async json(method, path, body) {
      const response = await ask(method, path, body, agent)
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk as Buffer)
      const text = Buffer.concat(chunks).toString()
      if (response.statusCode !== 200)
        throw new Error(`${method} ${path} answered ${response.statusCode}: ${text}`)
      return JSON.parse(text) as Readonly<Record<string, unknown>>
    },
    async read(path, isStream) {
      const response = await ask("GET", path, undefined, isStream ? false : agent)
      if (response.statusCode !== 200) throw new Error(`GET ${path} answered ${response.statusCode}`)
      let bytes = 0
      for await (const chunk of response) {
        bytes += (chunk as Buffer).length
        if (isStream) break
      }
      return bytes
    },
  }
}
