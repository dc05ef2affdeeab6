import { createHash } from "node:crypto"
import { readdirSync } from "node:fs"
import { readFile } from "node:fs/promises"
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http"
import { extname, join } from "node:path"
import { promisify } from "node:util"
import { brotliCompress, constants, gzip } from "node:zlib"
import { DomainError } from "../domain/errors.ts"
import type { FastLane } from "./app.ts"

/**
 * Serves the built Console at /console/. Only files that were in its folder at the start are served, found by their exact
 * name, so no path leads out of it. They are read, compressed and kept at their first request.
 */

const ROOT = "/console/"
const PAGE = "index.html"

/**
 * The page may use what this server serves and nothing else: no inline script or style, no text made into markup
 * (reliability.md 2.9). What devices and publishers wrote is shown by it, so this is the wall behind React's escaping.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ")

const SAFETY_HEADERS: OutgoingHttpHeaders = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
}

/** Assets carry the hash of their content in the name; the page names them, so it is asked for again each time. */
const ASSET_CACHING = "public, max-age=31536000, immutable"
const PAGE_CACHING = "no-cache"

type Encoding = "br" | "gzip" | "identity"

interface Representation {
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer
}

/** The lane for everything below /console/. A folder without a page is an installation without a Console. */
export function consoleLane(folder: string): FastLane {
  const files = new Map(
    listFiles(folder).map((name) => [name, new ConsoleFile(join(folder, name), name)] as const),
  )
  return (request, response) => {
    const { url = "" } = request
    if (!url.startsWith("/console")) return false
    const path = url.split("?", 1)[0] ?? ""
    if (path !== "/console" && !path.startsWith(ROOT)) return false
    if (request.method !== "GET" && request.method !== "HEAD") {
      throw new DomainError("method_not_allowed", "This path takes GET, HEAD.", { allow: ["GET", "HEAD"] })
    }
    if (path === "/console") {
      response.writeHead(308, { location: ROOT, "cache-control": PAGE_CACHING, "content-length": 0 }).end()
      return true
    }
    const file = files.get(fileNameOf(path.slice(ROOT.length)))
    if (file === undefined) throw missing(files)
    file.answer(request, response)
    return true
  }
}

/** Each screen has an address of its own; the page reads it. What looks like a file is one, or is not there. */
function fileNameOf(rest: string): string {
  return rest.startsWith("assets/") ? rest : PAGE
}

function missing(files: ReadonlyMap<string, ConsoleFile>): DomainError {
  return files.has(PAGE)
    ? new DomainError("no_such_route", "The Console has no such file; reload the page.")
    : new DomainError(
        "no_such_route",
        "This installation has no built Console: `npm run generate` builds it, then start again.",
      )
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && extname(entry.name) in TYPES)
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length))
      .map((name) => name.replaceAll("\\", "/"))
  } catch {
    return []
  }
}

class ConsoleFile {
  readonly #path: string
  readonly #type: string
  readonly #caching: string
  readonly #representations = new Map<Encoding, Promise<Representation>>()

  constructor(path: string, name: string) {
    this.#path = path
    this.#type = TYPES[extname(name)] ?? "application/octet-stream"
    this.#caching = name === PAGE ? PAGE_CACHING : ASSET_CACHING
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    this.#as(encodingFor(request.headers["accept-encoding"])).then(
      ({ headers, body }) => {
        const isKnown = request.headers["if-none-match"] === headers["etag"]
        const length = isKnown ? {} : { "content-length": body.length }
        response.writeHead(isKnown ? 304 : 200, { ...SAFETY_HEADERS, ...headers, ...length })
        response.end(isKnown || request.method === "HEAD" ? undefined : body)
      },
      // The folder was changed under the running server: the connection ends without an answer.
      () => response.destroy(),
    )
  }

  #as(encoding: Encoding): Promise<Representation> {
    const known = this.#representations.get(encoding)
    if (known !== undefined) return known
    const made = this.#represent(encoding)
    this.#representations.set(encoding, made)
    made.catch(() => this.#representations.delete(encoding))
    return made
  }

  async #represent(encoding: Encoding): Promise<Representation> {
    const content = await readFile(this.#path)
    const hash = createHash("sha256").update(content).digest("base64url").slice(0, 22)
    const headers = {
      "content-type": this.#type,
      "cache-control": this.#caching,
      vary: "accept-encoding",
      etag: `"${hash}-${encoding}"`,
      ...(encoding !== "identity" && { "content-encoding": encoding }),
    }
    return { headers, body: await ENCODERS[encoding](content) }
  }
}

/** Once per file and start: the effort pays with the second visitor, without a noticeable wait for the first. */
const BROTLI_QUALITY = 9

const ENCODERS: { readonly [E in Encoding]: (content: Buffer) => Buffer | Promise<Buffer> } = {
  br: (content) =>
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (content) => promisify(gzip)(content),
  identity: (content) => content,
}

/** A coding that the client refuses with `;q=0` is not taken for granted. */
function encodingFor(accepted = ""): Encoding {
  const names = accepted
    .toLowerCase()
    .split(",")
    .filter((item) => !/;\s*q=0(?:\.0*)?\s*$/.test(item))
    .map((item) => item.split(";", 1)[0]?.trim())
  if (names.includes("br")) return "br"
  return names.includes("gzip") ? "gzip" : "identity"
}
