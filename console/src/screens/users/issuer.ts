import type { Schema } from "../../api/client.ts"

export type Issuer = Schema<"Issuer">

export const ISSUERS = "/admin/v1/applications/{applicationId}/issuers"
