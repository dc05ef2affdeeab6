import { X509Certificate } from "node:crypto"
import { once } from "node:events"
import { connect } from "node:tls"
import { describe, expect, test } from "vitest"
import { seededRandom } from "../../src/runtime/random.ts"
import { createServerIdentity } from "../../src/simulator/self-signed-certificate.ts"
import { type Setup, setup } from "./wire.ts"

async function handshake({ simulators }: Setup, host: string): Promise<boolean> {
  const socket = connect({
    host: "127.0.0.1",
    port: Number(new URL(simulators.origins.wns).port),
    // An IP address is not a server name; it is checked through the host.
    ...(host === "127.0.0.1" ? {} : { servername: host }),
    ca: simulators.caCertificatePem,
    rejectUnauthorized: true,
  })
  try {
    await once(socket, "secureConnect")
    return socket.authorized
  } finally {
    socket.destroy()
  }
}

describe("the certificate of the simulators", () => {
  test("is accepted by a verifying client under the names localhost and 127.0.0.1", async () => {
    await using running = await setup()
    expect(await handshake(running, "localhost")).toBe(true)
    expect(await handshake(running, "127.0.0.1")).toBe(true)
  })

  test("is refused without trust in its authority", async () => {
    await using running = await setup()
    const { caCertificatePem } = createServerIdentity(seededRandom(99))
    const stranger = { ...running, simulators: { ...running.simulators, caCertificatePem } }
    await expect(
      handshake(
        { ...running, simulators: { ...stranger.simulators, origins: running.simulators.origins } },
        "localhost",
      ),
    ).rejects.toThrow(/certificate/)
  })

  test("is refused for another host when it names another host (item 54)", async () => {
    await using running = await setup({ certificate: { hosts: ["push.example.com"] } })
    await expect(handshake(running, "localhost")).rejects.toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    })
  })

  test("is refused once it has expired (item 54)", async () => {
    const validUntil = 1_600_000_000_000
    await using running = await setup({ certificate: { validUntil } })
    await expect(handshake(running, "localhost")).rejects.toMatchObject({ code: "CERT_HAS_EXPIRED" })
  })

  test("names its keys and its validity as X.509 demands", () => {
    const identity = createServerIdentity(seededRandom(1), { validUntil: 2_840_140_800_000 })
    const authority = new X509Certificate(identity.caCertificatePem)
    const server = new X509Certificate(identity.certificatePem)
    expect(authority.ca).toBe(true)
    expect(server.ca).toBe(false)
    expect(server.verify(authority.publicKey)).toBe(true)
    expect(server.checkIssued(authority)).toBe(true)
    expect(server.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1")
    // After 2049 the time has another ASN.1 form.
    expect(server.validTo).toBe("Jan  1 00:00:00 2060 GMT")
    expect(server.validFrom).toBe("Jan  1 00:00:00 2020 GMT")
  })

  test("comes out of the injected randomness", () => {
    const names = [1, 1, 2].map((seed) => createServerIdentity(seededRandom(seed)).privateKeyPem)
    expect(names[0]).toBe(names[1])
    expect(names[0]).not.toBe(names[2])
  })
})
