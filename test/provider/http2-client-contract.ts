import type { OpenClient } from "../../src/provider/http2/client.ts"
import { connectionContract } from "./http2-connection-contract.ts"
import { requestContract } from "./http2-request-contract.ts"
import { silenceContract } from "./http2-silence-contract.ts"

/** The law for every implementation of the request port on HTTP/2. */
export function http2ClientContract(name: string, openClient: OpenClient): void {
  requestContract(name, openClient)
  silenceContract(name, openClient)
  connectionContract(name, openClient)
}
