import type { AdministratorPrincipal } from "../policy/principal.ts"
import { adminRoutes } from "./admin/routes.ts"
import { backendlessRoutes } from "./backendless/routes.ts"
import { type JsonObject, openApiDocument } from "./openapi.ts"
import type { Route } from "./route.ts"
import { Type } from "./schema.ts"

/** The OpenAPI documents of the two surfaces, made from the very routes that the server mounts. */

export function backendlessDocument(version: string): JsonObject {
  return openApiDocument({
    surface: "backendless",
    title: "Belfry: Backendless dialect",
    description:
      "For apps, SDKs and servers. Every path is served under /<application-id>/<api-key>/ and, by host name, under /api/; those of /messaging and /users also without /api.",
    version,
    routes: backendlessRoutes as readonly Route[],
  })
}

export function adminDocument(version: string): JsonObject {
  return openApiDocument({
    surface: "admin",
    title: "Belfry: management API",
    description: "For the Console, the command line and automation. Times are milliseconds since 1970.",
    version,
    routes: managementRoutes(version) as readonly Route[],
  })
}

/** The management surface, with the route that describes it. */
export function managementRoutes(version: string): readonly Route<AdministratorPrincipal>[] {
  const describe: Route<AdministratorPrincipal> = {
    method: "GET",
    path: "/admin/v1/openapi.json",
    permission: "admin:read",
    forRestricted: "filtered",
    summary: "Returns this document.",
    reply: Type.Object({}, { additionalProperties: true }),
    errors: [],
    handle: () => adminDocument(version),
  }
  return [...adminRoutes, describe]
}
