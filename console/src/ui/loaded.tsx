import type { ReactNode } from "react"
import { ErrorNote } from "./error-note.tsx"
import "./loaded.css"

export function Loading({ label = "Loading…" }: { readonly label?: string }): ReactNode {
  return (
    <div className="loading" role="status">
      <span className="spinner" aria-hidden />
      {label}
    </div>
  )
}

interface Query<Data> {
  readonly data: Data | undefined
  readonly error: Error | null
  readonly isPlaceholderData: boolean
  refetch(): unknown
}

interface LoadedProps<Data> {
  readonly query: Query<Data>
  /** What an error is headed with: "The channels could not be read". */
  readonly failure?: string
  readonly children: (data: Data) => ReactNode
}

/** The three states of everything that comes from the server. What is there stays visible while it is read again. */
export function Loaded<Data>({ query, failure, children }: LoadedProps<Data>): ReactNode {
  const { data, error } = query
  return (
    <>
      {error !== null && (
        <ErrorNote
          error={error}
          {...(failure !== undefined && { title: failure })}
          onRetry={() => query.refetch()}
        />
      )}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <div className={query.isPlaceholderData ? "stale" : undefined}>{children(data)}</div>
      )}
    </>
  )
}
