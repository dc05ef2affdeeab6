import { readVersion } from "../../src/config/env.ts"
import { adminDocument, backendlessDocument } from "../../src/http/documents.ts"

/** openapi/*.json, from the routes that the server mounts. */
export function openApiFiles(): Record<string, string> {
  const version = readVersion()
  return {
    "openapi/backendless.json": `${JSON.stringify(backendlessDocument(version), undefined, 2)}\n`,
    "openapi/admin.json": `${JSON.stringify(adminDocument(version), undefined, 2)}\n`,
  }
}
