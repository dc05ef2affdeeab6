import { openFramedClient } from "../../src/provider/http2/framed-client.ts"
import { http2ClientContract } from "./http2-client-contract.ts"

http2ClientContract("the client on frames of our own", openFramedClient)
