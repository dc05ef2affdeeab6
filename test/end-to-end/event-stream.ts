import { type IncomingMessage, request } from "node:http"

/** One event of a stream; a comment has none of the fields. */
export interface StreamedEvent {
  readonly id?: string
  readonly event?: string
  readonly data?: unknown
}

/** A stream of server-sent events as a browser reads it. */
export interface EventStream {
  readonly status: number
  /** The next event that is no comment; undefined when the stream has ended. */
  next(): Promise<StreamedEvent | undefined>
  close(): void
}

export function openEventStream(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventStream> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, headers }, (response) => {
      const events = eventsOf(response)
      resolve({
        status: response.statusCode ?? 0,
        next: async () => (await events.next()).value as StreamedEvent | undefined,
        close: () => asked.destroy(),
      })
    })
    asked.on("error", reject)
    asked.end()
  })
}

async function* eventsOf(response: IncomingMessage): AsyncGenerator<StreamedEvent> {
  let rest = ""
  for await (const chunk of response.setEncoding("utf8")) {
    const parts = (rest + chunk).split("\n\n")
    rest = parts.pop() ?? ""
    for (const part of parts) {
      const fields = part
        .split("\n")
        .flatMap((line) => /^(id|event|data): (.*)$/.exec(line)?.slice(1, 3) ?? [])
      if (fields.length === 0) continue
      const event = Object.fromEntries(
        Array.from({ length: fields.length / 2 }, (_, index) => fields.slice(index * 2, index * 2 + 2)),
      ) as { id?: string; event?: string; data: string }
      yield { ...event, data: JSON.parse(event.data) as unknown }
    }
  }
}
