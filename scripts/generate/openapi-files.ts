import { readFileSync } from "node:fs"
import { adminRoutes } from "../../src/http/admin/routes.ts"
import { backendlessRoutes } from "../../src/http/backendless/routes.ts"
import { openApiDocument } from "../../src/http/openapi.ts"
import type { Route } from "../../src/http/route.ts"

/** openapi/*.json, from the routes that the server mounts. */
export function openApiFiles(): Record<string, string> {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string }
  const backendless = openApiDocument({
    surface: "backendless",
    title: "Belfry: Backendless dialect",
    description:
      "For apps, SDKs and servers. Every path is served under /<application-id>/<api-key>/ and, by host name, under /api/.",
    version,
    routes: backendlessRoutes as readonly Route[],
  })
  const admin = openApiDocument({
    surface: "admin",
    title: "Belfry: management API",
    description: "For the Console, the command line and automation. Times are milliseconds since 1970.",
    version,
    routes: adminRoutes as readonly Route[],
  })
  return {
    "openapi/backendless.json": `${JSON.stringify(backendless, undefined, 2)}\n`,
    "openapi/admin.json": `${JSON.stringify(admin, undefined, 2)}\n`,
  }
}
