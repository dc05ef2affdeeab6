import { useEffect, useEffectEvent, useState } from "react"

/** How long after a refusal the stream is asked for again; a connection that was lost, the browser renews by itself. */
const RETRY_MS = 3000

/** What is done with the data of the events of a type; `message` are those without one. */
export type EventHandlers = Readonly<Record<string, (data: string) => void>>

/**
 * Follows server-sent events of the management API, on the session of this page. Says whether the stream is there: while it
 * is not, one asks in intervals. A page that nobody looks at lets go of it, because a browser has six connections to a
 * server without HTTP/2, for all its tabs.
 */
export function useEventStream(
  path: string | undefined,
  handlers: EventHandlers,
  onOpen?: () => void,
): boolean {
  const [isLive, setLive] = useState(false)
  const isVisible = useIsVisible()
  const types = Object.keys(handlers).join(" ")
  const handle = useEffectEvent((event: MessageEvent<string>) => handlers[event.type]?.(event.data))
  const opened = useEffectEvent(() => onOpen?.())
  useEffect(() => {
    if (path === undefined || !isVisible) return
    const stream = new RenewedStream(path, types.split(" "), handle, (live) => {
      setLive(live)
      if (live) opened()
    })
    return () => {
      stream.close()
      setLive(false)
    }
  }, [path, isVisible, types])
  return isLive
}

class RenewedStream {
  readonly #open: () => EventSource
  #source: EventSource
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    path: string,
    types: readonly string[],
    onEvent: (event: MessageEvent<string>) => void,
    onLive: (isLive: boolean) => void,
  ) {
    this.#open = () => {
      const source = new EventSource(path)
      for (const type of types) source.addEventListener(type, onEvent)
      source.addEventListener("open", () => onLive(true))
      source.addEventListener("error", () => {
        onLive(false)
        if (source.readyState === EventSource.CLOSED) this.#renewLater()
      })
      return source
    }
    this.#source = this.#open()
  }

  #renewLater(): void {
    this.#timer = setTimeout(() => {
      this.#source = this.#open()
    }, RETRY_MS)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#source.close()
  }
}

function useIsVisible(): boolean {
  const [isVisible, setVisible] = useState(() => !document.hidden)
  useEffect(() => {
    const look = () => setVisible(!document.hidden)
    document.addEventListener("visibilitychange", look)
    return () => document.removeEventListener("visibilitychange", look)
  }, [])
  return isVisible
}
