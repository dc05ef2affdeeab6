import { generateKeyPairSync } from "node:crypto"
import { openConsole } from "./console-world.ts"

/** What would run if anything of it were taken for a part of the page. */
const HOSTILE = `"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`
/** Of what a role's name may hold, the worst. */
const HOSTILE_ROLE = "constructor __proto__"
/** The name of an administrator, who is signed in. */
export const HOSTILE_ADMINISTRATOR: string = HOSTILE.slice(0, 90).trim()
const HOSTILE_HOST = "xn--script-window-hacked.example"

const publicKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" })

/** A Console on an application with something on each screen of the settings, written by somebody who means no good. */
export async function openSettings() {
  const world = await openConsole()
  const { applicationId, server } = world
  const { administrators, administratorSessions, administratorTokens, audit } = server.services
  const { hosts, issuers, keys, permissions, users } = server.services
  await permissions.createRole(applicationId, HOSTILE_ROLE, HOSTILE)
  await keys.create(applicationId, {
    ...{ kind: "REST", label: HOSTILE, requestsPerSecond: 10_000_000 },
    addresses: ["a", "b", "c", "d"].map((group) => `2001:db8:1111:2222:3333:4444:5555:666${group}`),
  })
  await keys.create(applicationId, { kind: "CUSTOM", label: "shop", role: HOSTILE_ROLE })
  await hosts.bind(applicationId, HOSTILE_HOST, { key: "JS", role: HOSTILE_ROLE })
  const user = await users.create(applicationId, {
    identity: "ada@example.com",
    password: "secret",
    properties: { name: HOSTILE, nested: [HOSTILE] },
  })
  await users.setRoles(applicationId, user.id, [HOSTILE_ROLE])
  const channel = HOSTILE.slice(0, 30)
  await permissions.setRule(applicationId, {
    level: "channel",
    channel,
    user: user.id,
    operation: "message:publish",
    access: "deny",
  })
  await issuers.set(applicationId, "keycloak", {
    issuer: HOSTILE,
    algorithms: ["ES256"],
    jwks: { keys: [{ ...publicKey, kid: HOSTILE }] },
  })
  const administrator = await administrators.create({
    name: HOSTILE_ADMINISTRATOR,
    password: "correct horse battery",
    scope: "operate",
    applications: [applicationId],
  })
  await administratorSessions.begin(administrator)
  await administratorTokens.create({ label: HOSTILE.slice(0, 90), scope: "read" })
  const told = {
    actor: `administrator ${HOSTILE}`,
    action: HOSTILE,
    application: HOSTILE,
    target: HOSTILE,
  }
  const change = async () => {}
  await audit.note(told, change, () => ({ ...told, details: { [HOSTILE]: HOSTILE } }))
  return { ...world, role: HOSTILE_ROLE, channel, userId: user.id, administrator: administrator.number }
}

export type SettingsWorld = Awaited<ReturnType<typeof openSettings>>
