import type { IncomingMessage } from "node:http"
import type { AdministratorPrincipal, KeyPrincipal, Principal } from "../policy/principal.ts"
import type { ClientAddresses } from "./client-address.ts"
import { checkSameOrigin } from "./cross-site.ts"
import type { MountedRoute } from "./route-table.ts"
import { sessionTokenOf } from "./session-cookie.ts"

/** Who is calling; each rejects with a DomainError. */
export interface Authenticate {
  /** `address` says where the caller is. */
  key(applicationId: string, apiKey: string, address: () => string): Promise<KeyPrincipal>
  /** The host name in lower case, without a port. */
  host(hostName: string, address: () => string): Promise<KeyPrincipal>
  /** Refines the holder of a key by the value of the header `user-token`. */
  userToken(principal: KeyPrincipal, token: string): Promise<KeyPrincipal>
  /** The token of `Authorization: Bearer …`, or undefined without one. */
  administrator(bearer: string | undefined): Promise<AdministratorPrincipal>
  /** The session of an administrator's browser. `isUse` false looks without keeping the session alive. */
  session(token: string, options: { readonly isUse: boolean }): Promise<AdministratorPrincipal>
}

/** From a request to a principal. API keys are looked for on the Backendless surface only, cookies never there. */
export class Identification {
  readonly #authenticate: Authenticate
  readonly #addresses: ClientAddresses

  constructor(authenticate: Authenticate, addresses: ClientAddresses) {
    this.#authenticate = authenticate
    this.#addresses = addresses
  }

  /** Undefined for routes that need nobody. */
  async identify(
    { route, surface, identifiedBy }: MountedRoute,
    params: Readonly<Record<string, string>>,
    request: IncomingMessage,
  ): Promise<Principal | undefined> {
    if (surface === "system" && route.permission === "open") return undefined
    if (route.permission === "admin:anyone") {
      checkSameOrigin(request, "none")
      return undefined
    }
    if (identifiedBy === undefined) return await this.administrator(request, { isUse: true })
    const authenticate = this.#authenticate
    const { headers } = request
    const address = () => this.#addresses.exactly(request)
    const holder =
      identifiedBy === "key"
        ? await authenticate.key(params["applicationId"] ?? "", params["apiKey"] ?? "", address)
        : await authenticate.host(hostName(headers.host ?? ""), address)
    const token = route.userToken === "ignored" ? undefined : headers["user-token"]
    return typeof token === "string" && token !== "" ? await authenticate.userToken(holder, token) : holder
  }

  /** By a token; the cookie counts only where no Authorization is sent. */
  async administrator(request: IncomingMessage, options: { readonly isUse: boolean }): Promise<Principal> {
    const authenticate = this.#authenticate
    const { authorization, cookie } = request.headers
    const session = authorization === undefined ? sessionTokenOf(cookie) : undefined
    if (session === undefined) return await authenticate.administrator(bearerToken(authorization))
    checkSameOrigin(request, "session")
    return await authenticate.session(session, options)
  }
}

function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1]
}

/** Without the port, and without the dot that an absolute name of DNS ends with. */
function hostName(host: string): string {
  return host.replace(/\.?(?::[0-9]*)?$/, "").toLowerCase()
}
