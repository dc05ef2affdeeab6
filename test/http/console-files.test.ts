import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { type IncomingHttpHeaders, request } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { brotliDecompressSync, gunzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { openRegistrationServer, type RegistrationServer } from "../registration-server.ts"

const PAGE = "<!doctype html><title>Belfry</title>"
const SCRIPT = `console.log(${JSON.stringify("ding dong ".repeat(200))})`
const ASSET = "/console/assets/index-0a1b2c3d.js"

describe("the files of the Console", () => {
  let folder: string
  let server: RegistrationServer

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "belfry-console-files-"))
    const built = join(folder, "dist")
    mkdirSync(join(built, "assets"), { recursive: true })
    writeFileSync(join(built, "index.html"), PAGE)
    writeFileSync(join(built, "assets", "index-0a1b2c3d.js"), SCRIPT)
    writeFileSync(join(built, "assets", "notes.secret"), "not a type that is served")
    writeFileSync(join(folder, "outside.js"), "secret()")
    symlinkSync(join(folder, "outside.js"), join(built, "assets", "link.js"))
    server = await openRegistrationServer({ consoleFolder: built })
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })

  /** Sends the target as it is; `fetch` would tidy it up. */
  const ask = (path: string, { method = "GET", headers = {} }: Asking = {}) =>
    send(server.port, path, { method, headers })

  test("the page is served under a policy that allows nothing but files of this server", async () => {
    const { status, headers, body } = await ask("/console/")
    expect(status).toBe(200)
    expect(body.toString()).toBe(PAGE)
    const policy = String(headers["content-security-policy"])
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
    expect(policy).toContain("require-trusted-types-for 'script'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    })
    expect(headers["access-control-allow-origin"]).toBeUndefined()
  })

  test.for(["/console/applications/A/devices", "/console/x?id=..%2f..", "/console/index.html"])(
    "%s is an address of the page",
    async (path) => {
      const { status, body } = await ask(path)
      expect(status).toBe(200)
      expect(body.toString()).toBe(PAGE)
    },
  )

  test("/console leads to /console/", async () => {
    const { status, headers } = await ask("/console")
    expect([status, headers["location"]]).toEqual([308, "/console/"])
  })

  test.for([
    ["br", brotliDecompressSync],
    ["gzip", gunzipSync],
    ["identity", (body: Buffer) => body],
  ] as const)("a script comes as %s, to be kept for ever", async ([encoding, decode]) => {
    const { status, headers, body } = await ask(ASSET, { headers: { "accept-encoding": encoding } })
    expect(status).toBe(200)
    expect(decode(body).toString()).toBe(SCRIPT)
    expect(headers["content-encoding"]).toBe(encoding === "identity" ? undefined : encoding)
    expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable")
    expect(headers["vary"]).toBe("accept-encoding")
    expect(Number(headers["content-length"])).toBe(body.length)
  })

  test("a coding that is refused is not used", async () => {
    const { headers } = await ask(ASSET, { headers: { "accept-encoding": "br;q=0, gzip;q=0.5" } })
    expect(headers["content-encoding"]).toBe("gzip")
  })

  test("who has the file already is told so, per coding", async () => {
    const first = await ask(ASSET, { headers: { "accept-encoding": "br" } })
    const tag = String(first.headers["etag"])
    const again = await ask(ASSET, { headers: { "accept-encoding": "br", "if-none-match": tag } })
    expect([again.status, again.body.length]).toEqual([304, 0])
    const plain = await ask(ASSET, { headers: { "if-none-match": tag } })
    expect(plain.status).toBe(200)
  })

  test("HEAD answers with the headers alone", async () => {
    const { status, headers, body } = await ask(ASSET, { method: "HEAD" })
    expect([status, Number(headers["content-length"]), body.length]).toEqual([200, SCRIPT.length, 0])
  })

  test.for(["POST", "PUT", "DELETE"])("%s is refused, naming what is allowed", async (method) => {
    const { status, headers } = await ask("/console/", { method })
    expect([status, headers["allow"]]).toEqual([405, "GET, HEAD"])
  })

  test.for([
    "/console/assets/../../outside.js",
    "/console/assets/%2e%2e/%2e%2e/outside.js",
    "/console/assets/..%2f..%2foutside.js",
    "/console/assets/..%5c..%5coutside.js",
    "/console/assets/%00index-0a1b2c3d.js",
    "/console//assets/index-0a1b2c3d.js",
    "/console/assets/link.js",
    "/console/assets/notes.secret",
    "/console/assets/",
    "/console/assets/index-0a1b2c3d.js/",
    "/console/assets/constructor",
    "/console/../outside.js",
  ])("%s leads to no file", async (path) => {
    const { status, body } = await ask(path)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body.toString()).not.toContain("secret()")
    expect(body.toString()).not.toContain("not a type that is served")
  })

  test("an application cannot be called console", async () => {
    const { status } = await ask("/console/B/messaging/registrations", { method: "POST" })
    expect(status).toBe(405)
  })

  test("an installation without a built Console says how to get one", async () => {
    await using bare = await openRegistrationServer({ consoleFolder: join(folder, "nowhere") })
    const { status, body } = await send(bare.port, "/console/", {})
    expect(status).toBe(404)
    expect(JSON.parse(body.toString()).message).toContain("npm run generate")
  })
})

interface Asking {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

function send(port: number, path: string, asking: Asking): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, path, ...asking }, async (incoming) => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming) chunks.push(chunk)
      resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        body: Buffer.concat(chunks),
      })
    })
    outgoing.on("error", reject)
    outgoing.end()
  })
}
