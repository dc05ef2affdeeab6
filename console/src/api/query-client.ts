import { hashKey, MutationCache, QueryCache, QueryClient, type QueryKey } from "@tanstack/react-query"
import { ApiError } from "./api-error.ts"

/** Answers stay fresh for this long when one goes from screen to screen. */
const FRESH_MS = 5000
const RETRIES = 2

/** The `meta` of a query whose answer is forgotten as soon as the session ends. */
export const SECRET = { isSecret: true }

/**
 * When the server does not know the session any more, the query that asks who is signed in is asked again, whose answer
 * brings the sign-in where the screen was.
 */
export function createQueryClient(sessionKey: QueryKey): QueryClient {
  const sessionHash = hashKey(sessionKey)
  const askAgain = (error: Error) => {
    const isSignedIn = client.getQueryData(sessionKey) !== undefined
    if (isSignedIn && error instanceof ApiError && error.isUnauthenticated) {
      void client.invalidateQueries({ queryKey: sessionKey })
    }
  }
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, { queryHash }) => {
        if (queryHash !== sessionHash) askAgain(error)
      },
    }),
    mutationCache: new MutationCache({ onError: askAgain }),
    defaultOptions: {
      // What the browser calls offline says nothing about the way to this server, which may be on the same machine.
      queries: { staleTime: FRESH_MS, retry: shouldRetry, networkMode: "always", refetchOnReconnect: true },
      // Repeating a change is for people to decide.
      mutations: { retry: false, networkMode: "always" },
    },
  })
  return client
}

/** Only what may pass by itself: no answer, or a server that is starting or stopping. */
function shouldRetry(failures: number, error: Error): boolean {
  const mayPass = error instanceof ApiError && (error.status === 0 || error.status >= 502)
  return mayPass && failures < RETRIES
}
