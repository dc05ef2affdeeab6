import { QueryObserver, useQuery, useQueryClient } from "@tanstack/react-query"
import { Activity, createContext, type ReactNode, use, useEffect, useState } from "react"
import { ApiError } from "../api/api-error.ts"
import { api, type Schema } from "../api/client.ts"
import { SECRET } from "../api/query-client.ts"
import { Loaded } from "../ui/loaded.tsx"
import { leaveUnasked } from "./unsaved.ts"

export type Caller = Schema<"Caller">
export type Scope = Caller["scope"]

const SCOPES: readonly Scope[] = ["read", "operate", "administer"]

const SessionContext = createContext<Caller | undefined>(undefined)

/** Who is signed in; everybody asks with this one key. */
export const SESSION_QUERY = api.queryOptions("get", "/admin/v1/session")

/**
 * Shows what an administrator may see; to everybody else, how to become one. Asked anew whenever the tab is looked at: in
 * another tab the session may have ended, or somebody else signed in.
 */
export function SessionGate({
  children,
  signIn,
}: {
  readonly children: ReactNode
  readonly signIn: ReactNode
}): ReactNode {
  const session = useQuery({
    ...SESSION_QUERY,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: "always",
  })
  const { data } = session
  const isOut = useIsOut(session)
  const isOther = useIsOther(data)
  useKeptAnswers(isOut)
  if (isOther) return null
  if (data === undefined) {
    if (isOut) return signIn
    return (
      <Loaded query={session} failure="The server could not be asked who you are">
        {() => null}
      </Loaded>
    )
  }
  return (
    <>
      {isOut && signIn}
      {/* A session that ended takes nothing of what was typed with it: the screens wait, hidden, for the same person. */}
      <Activity mode={isOut ? "hidden" : "visible"}>
        <SessionContext value={data}>{children}</SessionContext>
      </Activity>
    </>
  )
}

interface SessionState {
  readonly data: Caller | undefined
  readonly error: Error | null
}

/**
 * Whether nobody is signed in. Stays so until the server says who is: when it does not answer, the screens of the session
 * that ended must not come back, and whoever went to fetch a password must not find the form empty.
 */
function useIsOut({ data, error }: SessionState): boolean {
  const [wasOut, setWasOut] = useState(false)
  const isOut = isSignedOut(error) || (wasOut && (data === undefined || error !== null))
  if (isOut !== wasOut) setWasOut(isOut)
  return isOut
}

/**
 * Whether somebody else signed in than the page was begun for. The page is begun anew then: nothing that it read or was
 * written in it is for anybody else.
 */
function useIsOther(caller: Caller | undefined): boolean {
  const [owner, setOwner] = useState(caller)
  if (owner === undefined && caller !== undefined) setOwner(caller)
  const isOther =
    owner !== undefined &&
    caller !== undefined &&
    (owner.kind !== caller.kind || owner.number !== caller.number)
  useEffect(() => {
    if (!isOther) return
    leaveUnasked()
    location.reload()
  }, [isOther])
  return isOther
}

/**
 * Holds what was read, which is forgotten soon after nothing shows it: the screens that wait would begin anew without. Secrets
 * do not wait.
 */
function useKeptAnswers(isOut: boolean): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (!isOut) return
    queries.removeQueries({ predicate: ({ meta }) => meta === SECRET })
    const held = queries
      .getQueryCache()
      .getAll()
      .map(({ options, queryKey }) => new QueryObserver(queries, { ...options, queryKey, enabled: false }))
      .map((observer) => observer.subscribe(() => {}))
    return () => {
      for (const letGo of held) letGo()
    }
  }, [isOut, queries])
}

function isSignedOut(error: Error | null): boolean {
  return error instanceof ApiError && error.isUnauthenticated
}

/** Who is signed in. Only below SessionGate. */
export function useCaller(): Caller {
  const caller = use(SessionContext)
  if (caller === undefined) throw new Error("useCaller is for screens of somebody who is signed in")
  return caller
}

/** Whether the caller may do what the management API demands a scope for. */
export function useMay(scope: Scope): boolean {
  return includes(useCaller().scope, scope)
}

/** Each scope includes those before it. */
export function includes(scope: Scope, demanded: Scope): boolean {
  return SCOPES.indexOf(scope) >= SCOPES.indexOf(demanded)
}

/** Ends the session and forgets everything that was read with it. */
export function useSignOut(): { readonly signOut: () => void; readonly isPending: boolean } {
  const queries = useQueryClient()
  const { mutate, isPending } = api.useMutation("delete", "/admin/v1/session", {
    onSettled: () => {
      queries.clear()
      leaveUnasked()
      location.assign("/console/")
    },
  })
  return { signOut: () => mutate({}), isPending }
}
