import openapiTS, { astToString } from "openapi-typescript"
import { readVersion } from "../../src/config/env.ts"
import { adminDocument } from "../../src/http/documents.ts"

/** console/src/api/schema.ts: what the Console may ask and what it is answered, from the OpenAPI document. */
export async function consoleClient(): Promise<string> {
  const document = JSON.parse(JSON.stringify(adminDocument(readVersion()))) as OpenApi
  for (const operations of Object.values(document.paths)) {
    for (const operation of Object.values(operations)) keepSuccess(operation)
  }
  const types = await openapiTS(document as never, { emptyObjectsUnknown: true, alphabetize: true })
  return `// Made by \`npm run generate\` from openapi/admin.json; do not edit.\n${astToString(types)}`
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

interface Operation {
  responses?: Record<string, unknown>
}

/** Every error has one shape, which the Console reads in one place; spelt out for each status it would be most of the file. */
function keepSuccess(operation: Operation): void {
  if (operation.responses === undefined) return
  operation.responses = Object.fromEntries(
    Object.entries(operation.responses).filter(([status]) => status.startsWith("2")),
  )
}
