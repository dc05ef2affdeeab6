import { MANAGEMENT_SCOPES, MESSAGING_OPERATIONS } from "../domain/permission.ts"
import type { Route } from "./route.ts"

/** The routes of the three surfaces as the URLs they are served under, checked before the server starts. */

export type SurfaceName = "backendless" | "admin" | "system"

export type Surfaces = { readonly [Name in SurfaceName]: readonly Route[] }

export interface MountedRoute {
  readonly surface: SurfaceName
  readonly route: Route
  /** With `:name` for a segment and a final `*` for the rest. */
  readonly url: string
  /** How a Backendless route finds the application: by the ids in the path, or by the host name. */
  readonly identifiedBy?: "key" | "host"
}

const KEY_PREFIX = "/:applicationId/:apiKey/"
const HOST_PREFIX = "/api/"
/** Relative paths that are served by host name without `api` as well, as some pages of Backendless print them (contract 1.1). */
const ALSO_BARE = /^(?:messaging|users)\//

const PERMISSIONS: { readonly [Name in SurfaceName]: ReadonlySet<string> } = {
  backendless: new Set(Object.keys(MESSAGING_OPERATIONS)),
  admin: new Set(MANAGEMENT_SCOPES.map((scope) => `admin:${scope}`)),
  system: new Set(["open", ...MANAGEMENT_SCOPES.map((scope) => `admin:${scope}`)]),
}

/** The only routes for "admin:anyone": how a person becomes an administrator. */
const ANYONE_MAY: ReadonlySet<string> = new Set(["POST /admin/v1/session", "POST /admin/v1/setup"])

export class RouteTable {
  readonly mounted: readonly MountedRoute[]
  readonly #patterns: readonly PathPattern[]
  readonly #reserved: ReadonlySet<string>

  /** Throws when a route declares no permission of its surface, when a path is unsuitable, or when two routes collide. */
  constructor(surfaces: Surfaces) {
    this.mounted = [
      ...surfaces.backendless.flatMap((route) => mountBackendless(route)),
      ...surfaces.admin.flatMap((route) => mountAbsolute("admin", route)),
      ...surfaces.system.flatMap((route) => mountAbsolute("system", route)),
    ]
    for (const mounted of this.mounted) checkRoute(mounted)
    checkCollisions(this.mounted)
    const absolute = this.mounted.filter((mounted) => mounted.identifiedBy !== "key")
    this.#reserved = new Set([
      "api",
      "admin",
      "console",
      ...absolute.map(({ url }) => url.split("/")[1] as string),
    ])
    this.#patterns = this.mounted.map(patternOf)
  }

  /** Whether the first segment of a path belongs to the server, so that it cannot be an application's id. */
  isReserved(segment: string): boolean {
    return this.#reserved.has(segment)
  }

  /** Whether the path (without its query) has the shape of the Backendless surface, known route or not. */
  isBackendless(path: string): boolean {
    if (path.startsWith(HOST_PREFIX) || ALSO_BARE.test(path.slice(1))) return true
    const [, first = "", second = "", third] = path.split("/", 4)
    return first !== "" && second !== "" && third !== undefined && !this.isReserved(first)
  }

  /**
   * The methods with which the path (without its query) is served, sorted; none when no route has it. Where one route spells
   * out what another has a parameter for, the name means what the former says, and nothing to the latter.
   */
  methodsAt(path: string): readonly string[] {
    const isKeyPath = !this.isReserved(path.split("/", 2)[1] ?? "")
    const name = lastName(path)
    const found = this.#patterns.filter(
      ({ isByKey, pattern, reserved }) =>
        (isKeyPath || !isByKey) && pattern.test(path) && reserved?.has(name) !== true,
    )
    const fewest = Math.min(...found.map(({ parameters }) => parameters))
    const methods = found.filter(({ parameters }) => parameters === fewest).flatMap(({ methods }) => methods)
    return [...new Set(methods)].sort()
  }
}

function mountBackendless(route: Route): MountedRoute[] {
  return [route.path, ...(route.aliases ?? [])].flatMap((path) => {
    if (path.startsWith("/"))
      throw new Error(`the Backendless route ${route.method} ${path} must be relative`)
    const byHost = [`${HOST_PREFIX}${path}`, ...(ALSO_BARE.test(path) ? [`/${path}`] : [])]
    return [
      { surface: "backendless", route, url: `${KEY_PREFIX}${path}`, identifiedBy: "key" },
      ...byHost.map((url) => ({ surface: "backendless", route, url, identifiedBy: "host" }) as const),
    ] as const
  })
}

function mountAbsolute(surface: "admin" | "system", route: Route): MountedRoute[] {
  return [route.path, ...(route.aliases ?? [])].map((url) => {
    const isSuitable =
      surface === "admin"
        ? url.startsWith("/admin/")
        : /^\/(?!(?:admin|api|messaging|users)\/)[^:*/]/.test(url)
    if (!isSuitable) throw new Error(`the ${surface} route ${route.method} ${url} is outside of its surface`)
    return { surface, route, url }
  })
}

/** Load balancers ask the operational routes with HEAD. */
export function methodsOf({ surface, route: { method } }: MountedRoute): readonly string[] {
  return surface === "system" && method === "GET" ? ["GET", "HEAD"] : [method]
}

/**
 * Whether a path that the router found spells the fixed segments of the route as they are. It decodes them too, so that
 * `/%61dmin/` would pass a proxy in front that keeps `/admin/` from the world.
 */
export function isSpeltOut({ url }: MountedRoute, path: string): boolean {
  if (!path.includes("%")) return true
  const given = path.split("/")
  return url
    .split("/")
    .every((segment, at) => segment.startsWith(":") || segment === "*" || segment === given[at])
}

/** What to tell a caller whose path ends with a name that the route does not take; undefined for every other. */
export function reservedIn(
  { route, url }: MountedRoute,
  params: Readonly<Record<string, string>>,
): string | undefined {
  return route.reserved?.get(params[url.slice(url.lastIndexOf("/") + 2)] ?? "")
}

/** As a parameter at the end of the path would have it. */
function lastName(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1)
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

const WELL_FORMED_URL = /^(?:\/(?::[A-Za-z][A-Za-z0-9]*|[A-Za-z0-9._-]+))+(?:\/\*)?$/

function checkRoute({ surface, route, url }: MountedRoute): void {
  // Types say that it is there; a route in JavaScript, or cast, may still lack it.
  const isForAnyone = route.permission === "admin:anyone" && ANYONE_MAY.has(`${route.method} ${url}`)
  if (!isForAnyone && !PERMISSIONS[surface].has(route.permission)) {
    const named = route.permission === undefined ? "no permission" : `the permission "${route.permission}"`
    throw new Error(`${route.method} ${url} declares ${named}, which the ${surface} surface does not have`)
  }
  if (route.asksOnly && (route.permission !== "admin:read" || route.method !== "POST")) {
    throw new Error(`${route.method} ${url} says that it only asks, and may do more`)
  }
  if (surface === "admin" && route.method !== "GET" && !route.asksOnly && route.audit === undefined) {
    throw new Error(`${route.method} ${url} changes something and leaves no trace in the audit log`)
  }
  if (!WELL_FORMED_URL.test(url)) throw new Error(`${route.method} ${url} has an unsuitable path`)
}

function checkCollisions(mounted: readonly MountedRoute[]): void {
  const taken = new Set<string>()
  for (const { route, url } of mounted) {
    const key = `${route.method} ${url.replace(/:[A-Za-z0-9]+/g, ":")}`
    if (taken.has(key)) throw new Error(`two routes are served as ${route.method} ${url}`)
    taken.add(key)
  }
}

/** Which paths a route is served at. */
interface PathPattern {
  readonly methods: readonly string[]
  readonly pattern: RegExp
  readonly reserved: Route["reserved"]
  readonly parameters: number
  readonly isByKey: boolean
}

function patternOf(mounted: MountedRoute): PathPattern {
  const { url, identifiedBy, route } = mounted
  const source = url
    .replace(/[.]/g, "\\.")
    .replace(/:[A-Za-z0-9]+/g, "[^/]+")
    .replace(/\*$/, ".+")
  return {
    methods: methodsOf(mounted),
    pattern: new RegExp(`^${source}$`),
    reserved: route.reserved,
    parameters: url.match(/[:*]/g)?.length ?? 0,
    isByKey: identifiedBy === "key",
  }
}
