import { type ReactNode, useRef } from "react"
import { navigate, useHistoryState } from "wouter/use-browser-location"
import { Button } from "./button.tsx"

/** Where one is in a list that the server hands out page by page. */
export interface Pages {
  /** For the request; undefined at the first page. */
  readonly cursor: string | undefined
  readonly number: number
  readonly back: () => void
  readonly forward: (next: string) => void
}

/** What the browser keeps with an entry of its history. */
interface Kept {
  readonly pages?: { readonly about: string; readonly cursors: readonly string[] }
}

/**
 * Begins again at the first page whenever `about` changes: what the list is filtered by. Each page is a step of the
 * browser's history, so that who comes back from a row finds the page that it was on.
 */
export function usePages(about = ""): Pages {
  const kept = useHistoryState<Kept | null>()?.pages
  const cursors = kept?.about === about ? kept.cursors : []
  const go = (to: readonly string[]) =>
    navigate(location.pathname + location.search, { state: { pages: { about, cursors: to } } satisfies Kept })
  return {
    cursor: cursors.at(-1),
    number: cursors.length + 1,
    back: () => go(cursors.slice(0, -1)),
    forward: (next) => go([...cursors, next]),
  }
}

interface PagerProps {
  readonly pages: Pages
  /** The `next` of the answer: null at the end. */
  readonly next: string | null
}

export function Pager({ pages, next }: PagerProps): ReactNode {
  const nav = useRef<HTMLElement>(null)
  if (pages.number === 1 && next === null) return null
  const turn = (to: () => void) => {
    to()
    // A page is read from its beginning.
    nav.current?.closest("section, main")?.scrollIntoView({ block: "start" })
  }
  return (
    <nav ref={nav} className="row" aria-label="Pages">
      <Button isOff={pages.number === 1} onClick={() => turn(pages.back)}>
        Previous
      </Button>
      <span className="soft number">Page {pages.number}</span>
      <Button isOff={next === null} onClick={() => next !== null && turn(() => pages.forward(next))}>
        Next
      </Button>
    </nav>
  )
}
