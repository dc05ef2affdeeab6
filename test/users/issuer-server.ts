import { ISSUER, KEY_SET, makeToken, type TokenParts } from "./token-maker.ts"
import { openUserServer } from "./user-server.ts"

export const ALL = { issuer: ISSUER, algorithms: ["EdDSA", "ES256", "RS256"], jwks: KEY_SET }

/** A server with an application that has an issuer; `fetched` are the URLs that were asked for key sets. */
export async function openWith(input: object = ALL, keySet: () => unknown = () => KEY_SET) {
  const fetched: string[] = []
  const server = await openUserServer({
    fetchKeySet: async (url) => {
      fetched.push(url)
      return keySet()
    },
  })
  const { application } = server
  const put = (body: object) => application.manage("PUT", "issuers/main", body)
  const set = await put(input)
  const token = (parts?: TokenParts) => makeToken(application.id, server.clock.now(), parts)
  const use = (userToken: string) => application.call("GET", "users/userroles", { userToken })
  return Object.assign(server, { set, put, token, use, fetched, seconds: () => server.clock.now() / 1000 })
}
