import { generateKeyPairSync } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { ProviderName } from "../../src/domain/platform.ts"
import type { Checkup } from "../../src/service/credential-checkup.ts"
import type { CredentialInput } from "../../src/service/credentials.ts"
import type { Fault } from "../../src/simulator/fault-rules.ts"
import type { AppHandle } from "./app-handle.ts"
import { expected } from "./calls.ts"
import { openWorld, simulatorCredential, type World } from "./world.ts"

/** A credential is asked about at its provider, and every failure says what to do. */

let world: World
let app: AppHandle

beforeAll(async () => {
  world = await openWorld()
  app = await world.app("none")
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

async function checkup(provider: ProviderName, input: CredentialInput): Promise<Checkup> {
  await app.setCredential(provider, input)
  return expected<Checkup>(world.admin("POST", `/applications/${app.id}/credentials/${provider}/check`))
}

const good = (provider: ProviderName) => simulatorCredential(world.simulators, provider)
function changed(provider: ProviderName, fields: object): CredentialInput {
  const input = good(provider)
  return { ...input, fields: { ...(input.fields as object), ...fields } }
}

const otherKey = () =>
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  }) as string
const otherRsaKey = () =>
  generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  }) as string

describe("A credential that works", () => {
  test.each(["apns", "fcm", "wns"] as const)("of %s passes every step", async (provider) => {
    const { ok, steps } = await checkup(provider, good(provider))
    expect(steps.map((step) => [step.name, step.ok, step.advice])).toEqual(
      ["credential", "connection", "authorization", "push"].map((name) => [name, true, undefined]),
    )
    expect(ok).toBe(true)
  })

  test.each([
    ["apns", { condition: "unknown", token: "0".repeat(64) }],
    ["fcm", { condition: "unknown", token: "belfry-credential-check" }],
    [
      "wns",
      { condition: "unknown", token: "https://cloud.notify.windows.com/?token=belfry-credential-check" },
    ],
  ] as const)(
    "of %s passes when the provider knows no such device, as the real ones do not",
    async (provider, device) => {
      world.simulators.devices.declare({ provider, ...device }, world.clock.now())
      const { ok, steps } = await checkup(provider, good(provider))
      expect({ ok, last: steps.at(-1)?.name }).toEqual({ ok: true, last: "push" })
      world.simulators.devices.clear()
      expect(await app.credential(provider)).toMatchObject({ pausedReason: null })
    },
  )
})

interface Broken {
  readonly name: string
  readonly provider: ProviderName
  readonly input?: () => CredentialInput
  readonly fault?: Omit<Fault, "provider">
  readonly step: "credential" | "connection" | "authorization" | "push"
  readonly advice: RegExp
}

const BROKEN: readonly Broken[] = [
  {
    name: "a key id of another key",
    provider: "apns",
    input: () => changed("apns", { keyId: "AAAAAAAAAA" }),
    step: "authorization",
    advice: /keyId/,
  },
  {
    name: "another team",
    provider: "apns",
    input: () => changed("apns", { teamId: "AAAAAAAAAA" }),
    step: "authorization",
    advice: /teamId/,
  },
  {
    name: "a key that Apple does not have",
    provider: "apns",
    input: () => changed("apns", { key: otherKey() }),
    step: "authorization",
    advice: /AuthKey_/,
  },
  {
    name: "an app of somebody else",
    provider: "apns",
    input: () => changed("apns", { topic: "com.example.other" }),
    step: "authorization",
    advice: /bundle id/,
  },
  {
    name: "a wrong clock",
    provider: "apns",
    fault: { action: { do: "answer", reason: "ExpiredProviderToken" } },
    step: "authorization",
    advice: /clock/,
  },
  {
    name: "a key of the other environment",
    provider: "apns",
    fault: { action: { do: "answer", reason: "BadEnvironmentKeyIdInToken" } },
    step: "authorization",
    advice: /environment/,
  },
  {
    name: "a key that was deleted",
    provider: "fcm",
    input: () => changed("fcm", { private_key: otherRsaKey() }),
    step: "authorization",
    advice: /new key/,
  },
  {
    name: "an account that Google does not have",
    provider: "fcm",
    input: () => changed("fcm", { client_email: "nobody@example.com" }),
    step: "authorization",
    advice: /Firebase console/,
  },
  {
    name: "a project that does not exist",
    provider: "fcm",
    input: () => changed("fcm", { project_id: "elsewhere" }),
    step: "authorization",
    advice: /project_id/,
  },
  {
    name: "an account of another project",
    provider: "fcm",
    fault: { action: { do: "answer", reason: "PERMISSION_DENIED" } },
    step: "authorization",
    advice: /belong together/,
  },
  {
    name: "a wrong secret",
    provider: "wns",
    input: () => changed("wns", { clientSecret: "wrong-secret" }),
    step: "authorization",
    advice: /client secret/,
  },
  {
    name: "another directory",
    provider: "wns",
    input: () => changed("wns", { tenantId: "00000000-0000-4000-8000-000000000000" }),
    step: "authorization",
    advice: /tenantId/,
  },
  ...(["apns", "fcm", "wns"] as const).flatMap((provider): Broken[] => [
    {
      name: "nobody there",
      provider,
      input: () => ({
        ...good(provider),
        origin: "https://127.0.0.1:1",
        fields: {
          ...(good(provider).fields as object),
          ...(provider === "fcm" && { token_uri: "https://127.0.0.1:1/token" }),
        },
      }),
      step: "connection",
      advice: /port 443/,
    },
    {
      name: "authorities of somebody else",
      provider,
      input: () => ({ fields: good(provider).fields, origin: good(provider).origin ?? "" }),
      step: "connection",
      advice: /authorities/,
    },
  ]),
]

describe("A credential that does not work", () => {
  test.each(BROKEN)("$provider: $name", async ({ provider, input, fault, step, advice }) => {
    if (fault !== undefined) world.simulators.faults.add({ provider, ...fault } as Fault)
    const { ok, steps } = await checkup(provider, input?.() ?? good(provider))
    world.simulators.faults.clear()
    const last = steps.at(-1)
    expect({ ok, name: last?.name, lastOk: last?.ok }).toEqual({ ok: false, name: step, lastOk: false })
    expect(last?.advice).toMatch(advice)
    expect(steps.slice(0, -1).every((one) => one.ok)).toBe(true)
    // A trial says nothing about devices, and pauses nothing.
    expect(await app.credential(provider)).toMatchObject({ pausedReason: null })
  })

  test("that is not there is not found", async () => {
    const empty = await world.app("none")
    const reply = await world.admin("POST", `/applications/${empty.id}/credentials/apns/check`)
    expect(reply).toMatchObject({ status: 404, body: { code: 90_011 } })
  })
})
