import createFetchClient from "openapi-fetch"
import createQueryHooks from "openapi-react-query"
import { errorOf, unreachable } from "./api-error.ts"
import type { components, paths } from "./schema.ts"

/**
 * The Console's only door: the management API, typed by its OpenAPI document. `api.useQuery("get", "/admin/v1/…")` in
 * screens, `client.POST(…)` outside of them; both throw ApiError.
 */
export const client = createFetchClient<paths>({ baseUrl: location.origin })

client.use({
  onRequest({ request }) {
    // With a session the server takes changes as JSON only, body or not: no form of another page can send that.
    if (request.method !== "GET") request.headers.set("content-type", "application/json")
    return request
  },
  async onResponse({ response }) {
    if (!response.ok) throw await errorOf(response)
  },
  onError: ({ error }) => (error instanceof TypeError ? unreachable() : undefined),
})

export const api = createQueryHooks(client)

export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name]

/** What a GET of a path answers with. */
export type Answer<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { "application/json": infer Body } } } }
}
  ? Body
  : never
