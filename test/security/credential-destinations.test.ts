import { expect, test } from "vitest"
import { seededRandom } from "../../src/runtime/random.ts"
import {
  createApnsCredential,
  createFcmCredential,
  createWnsCredential,
} from "../../src/simulator/test-credentials.ts"
import { openAdministration } from "../administrators/administration.ts"

/** Where a credential makes the server connect to is chosen by who may administer the whole server, and by nobody else. */

test("a restricted administrator cannot make the server connect to addresses of its own network", async () => {
  await using server = await openAdministration()
  const { id } = await server.services.applications.create("Shop")
  const restricted = await server.bearer("administer", [id])
  const everybody = await server.bearer("administer")
  const random = seededRandom(3)
  const { privateKey: key, ...apns } = createApnsCredential(random)
  const google = "https://oauth2.googleapis.com/token"
  const fcm = await createFcmCredential(random, google)
  const wns = createWnsCredential(random)
  const set = async (provider: string, body: object, headers = restricted) => {
    const url = `/admin/v1/applications/${id}/credentials/${provider}`
    const { status, body: answer } = await server.ask("PUT", url, { headers, body })
    return status === 200 ? 200 : answer["code"]
  }
  const elsewhere: readonly [provider: string, body: object][] = [
    ["apns", { fields: { ...apns, key }, origin: "https://10.0.0.1" }],
    ["apns", { fields: { ...apns, key }, origin: "http://127.0.0.1:9000" }],
    ["apns", { fields: { ...apns, key }, origin: "https://api.push.apple.com.evil.example" }],
    ["fcm", { fields: fcm, origin: "http://localhost:6379" }],
    ["fcm", { fields: { ...fcm, token_uri: "http://127.0.0.1:9000/admin" } }],
    ["fcm", { fields: { ...fcm, token_uri: "https://169.254.169.254/latest" } }],
    ["fcm", { fields: { ...fcm, token_uri: "https://oauth2.googleapis.com.evil.example/token" } }],
    ["fcm", { fields: { ...fcm, token_uri: "https://oauth2.googleapis.com:8443/token" } }],
    ["fcm", { fields: JSON.stringify({ ...fcm, token_uri: "https://evil.example/token" }) }],
    ["wns", { fields: wns, origin: "https://evil.example" }],
  ]
  for (const [provider, body] of elsewhere) {
    expect({ body, answer: await set(provider, body) }).toEqual({ body, answer: 1011 })
    expect({ body, answer: await set(provider, body, everybody) }).toEqual({ body, answer: 200 })
    await server.ask("DELETE", `/admin/v1/applications/${id}/credentials/${provider}`, { headers: everybody })
  }
  expect(await set("apns", { fields: { ...apns, key } })).toBe(200)
  expect(await set("fcm", { fields: fcm })).toBe(200)
  expect(
    await set("fcm", { fields: { ...fcm, token_uri: "https://accounts.google.com/o/oauth2/token" } }),
  ).toBe(200)
  expect(
    await set("wns", {
      fields: { tenantId: wns.tenantId, clientId: wns.clientId, clientSecret: wns.clientSecret },
    }),
  ).toBe(200)
})
