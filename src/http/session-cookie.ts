/**
 * The cookie of an administrator's session. The prefix makes browsers take it only from this very host, for all paths, over
 * a connection that they trust: https, or http on the machine itself (docs/adr/0010-administrators.md).
 */
const NAME = "__Host-belfry"
const ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Strict"
const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** The value of Set-Cookie that gives the browser a session, or with undefined takes it away. */
export function sessionCookie(token: string | undefined): string {
  return token === undefined ? `${NAME}=; ${ATTRIBUTES}; Max-Age=0` : `${NAME}=${token}; ${ATTRIBUTES}`
}

/** The token in the header Cookie. Undefined as well when there are two: nobody could say which one counts. */
export function sessionTokenOf(cookies: string | undefined): string | undefined {
  if (cookies === undefined) return undefined
  const values = cookies
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${NAME}=`))
    .map((pair) => pair.slice(NAME.length + 1))
  const [token] = values
  return values.length === 1 && token !== undefined && TOKEN.test(token) ? token : undefined
}
