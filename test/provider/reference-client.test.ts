import { openReferenceClient } from "../../src/provider/http2/reference-client.ts"
import { http2ClientContract } from "./http2-client-contract.ts"

http2ClientContract("the node:http2 client", openReferenceClient)
