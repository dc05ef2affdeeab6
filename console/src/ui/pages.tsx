import type { ReactNode } from "react"
import { useState } from "react"
import { Button } from "./button.tsx"

/** Where one is in a list that the server hands out page by page. */
export interface Pages {
  /** For the request; undefined at the first page. */
  readonly cursor: string | undefined
  readonly number: number
  readonly back: () => void
  readonly forward: (next: string) => void
}

/** Begins again at the first page whenever `about` changes: what the list is filtered by. */
export function usePages(about = ""): Pages {
  const [at, setAt] = useState<{ readonly about: string; readonly cursors: readonly string[] }>({
    about,
    cursors: [],
  })
  const cursors = at.about === about ? at.cursors : []
  return {
    cursor: cursors.at(-1),
    number: cursors.length + 1,
    back: () => setAt({ about, cursors: cursors.slice(0, -1) }),
    forward: (next) => setAt({ about, cursors: [...cursors, next] }),
  }
}

interface PagerProps {
  readonly pages: Pages
  /** The `next` of the answer: null at the end. */
  readonly next: string | null
}

export function Pager({ pages, next }: PagerProps): ReactNode {
  if (pages.number === 1 && next === null) return null
  return (
    <nav className="row" aria-label="Pages">
      <Button disabled={pages.number === 1} onClick={pages.back}>
        Previous
      </Button>
      <span className="soft number">Page {pages.number}</span>
      <Button disabled={next === null} onClick={() => next !== null && pages.forward(next)}>
        Next
      </Button>
    </nav>
  )
}
