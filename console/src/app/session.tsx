import { useQuery, useQueryClient } from "@tanstack/react-query"
import { Activity, createContext, type ReactNode, use, useState } from "react"
import { ApiError } from "../api/api-error.ts"
import { api, type Schema } from "../api/client.ts"
import { Loaded } from "../ui/loaded.tsx"

export type Caller = Schema<"Caller">
export type Scope = Caller["scope"]

const SCOPES: readonly Scope[] = ["read", "operate", "administer"]

const SessionContext = createContext<Caller | undefined>(undefined)

/** Who is signed in; everybody asks with this one key. */
export const SESSION_QUERY = api.queryOptions("get", "/admin/v1/session")

/** Shows what an administrator may see; to everybody else, how to become one. */
export function SessionGate({
  children,
  signIn,
}: {
  readonly children: ReactNode
  readonly signIn: ReactNode
}): ReactNode {
  const session = useQuery({ ...SESSION_QUERY, staleTime: Number.POSITIVE_INFINITY })
  const { data, error, isFetching } = session
  const [wasSignedOut, setWasSignedOut] = useState(false)
  if (!isFetching && isSignedOut(error) !== wasSignedOut) setWasSignedOut(isSignedOut(error))
  // Whenever the tab is looked at again, this is asked again, and forgets its answer meanwhile: whoever went to fetch a
  // password must not find the form empty.
  const isOut = isSignedOut(error) || (wasSignedOut && data === undefined)
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
      <Activity key={`${data.kind} ${data.number}`} mode={isOut ? "hidden" : "visible"}>
        <SessionContext value={data}>{children}</SessionContext>
      </Activity>
    </>
  )
}

/** Whether it is the same person, signed in anew. */
export function isSameCaller(one: Caller | undefined, other: Caller): boolean {
  return one?.kind === other.kind && one.number === other.number
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
      location.assign("/console/")
    },
  })
  return { signOut: () => mutate({}), isPending }
}
