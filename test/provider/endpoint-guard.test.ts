import type { LookupAddress } from "node:dns"
import { describe, expect, it } from "vitest"
import { guardedLookup, isGlobalUnicast, publicEndpoint } from "../../src/provider/endpoint-guard.ts"

const DOMAIN = "notify.windows.com"

describe("endpoint guard: addresses handed in by devices", () => {
  for (const url of [
    "https://db5p.notify.windows.com/?token=AwYAAAD%2b",
    "https://db5p.notify.windows.com:443/w/?token=1",
    "https://DB5P.Notify.Windows.COM/?token=1",
    "https://a.b.notify.windows.com/",
  ]) {
    it(`lets ${url} pass`, () => {
      expect(publicEndpoint(url, DOMAIN)?.hostname.endsWith(".notify.windows.com")).toBe(true)
    })
  }

  for (const url of [
    "",
    "no URL",
    "db5p.notify.windows.com/?token=1",
    "//db5p.notify.windows.com/",
    "http://db5p.notify.windows.com/",
    "ftp://db5p.notify.windows.com/",
    "https://notify.windows.com/",
    "https://notify.windows.com.evil.example/",
    "https://evilnotify.windows.com/",
    "https://evil-notify.windows.com/",
    "https://db5p.notify.windows.com.evil.example/",
    "https://db5p.notify.windows.com./",
    "https://db5p.notify.windows.com:8443/",
    "https://db5p.notify.windows.com:80/",
    "https://db5p.notify.windows.com:22/",
    "https://user@db5p.notify.windows.com/",
    "https://user:password@db5p.notify.windows.com/",
    "https://@db5p.notify.windows.com/",
    "https://:@db5p.notify.windows.com/",
    "https://db5p.notify.windows.com@evil.example/",
    "https://db5p.notify.windows.com:443@evil.example/",
    "https://evil.example/.notify.windows.com",
    "https://evil.example?.notify.windows.com",
    "https://evil.example#.notify.windows.com",
    "https://evil.example\\.notify.windows.com/",
    "https://evil.example\\@db5p.notify.windows.com/",
    "https:\\\\db5p.notify.windows.com/",
    "https:/db5p.notify.windows.com/",
    "https:db5p.notify.windows.com/",
    "https://evil.example%2f.notify.windows.com/",
    "https://evil.example%00.notify.windows.com/",
    "https://evil.example\t.notify.windows.com/",
    "https://evil.example\n.notify.windows.com/",
    "https://db5p.notify.windows.com/\r\nHost: evil.example",
    " https://db5p.notify.windows.com/",
    "https://db5p.notify.windows.com/ ",
    "https://db5p。notify。windows。com/",
    "https://db5p.notify.windows.com\u200b/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://metadata.google.internal/",
    "https://localhost/",
    "https://localhost./",
    "javascript:alert(1)//.notify.windows.com",
    "file:///etc/passwd",
    `https://db5p.notify.windows.com/${"x".repeat(2048)}`,
  ]) {
    it(`refuses ${JSON.stringify(url.slice(0, 80))}`, () => {
      expect(publicEndpoint(url, DOMAIN)).toBeUndefined()
    })
  }
})

describe("endpoint guard: resolved addresses", () => {
  for (const address of [
    "1.1.1.1",
    "8.8.8.8",
    "52.230.1.1",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a01:111:f400::1",
    "2001:4860:4860::8888",
    "2620:1ec::1",
  ]) {
    it(`${address} is reachable from everywhere`, () => {
      expect(isGlobalUnicast(address)).toBe(true)
    })
  }

  for (const address of [
    "",
    "localhost",
    "1.1.1",
    "01.1.1.1",
    "0x1.1.1.1",
    "1.1.1.1 ",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:8.8.8.8",
    "0:0:0:0:0:ffff:a00:1",
    "64:ff9b::a00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:53aa:64c::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
  ]) {
    it(`${JSON.stringify(address)} is not`, () => {
      expect(isGlobalUnicast(address)).toBe(false)
    })
  }
})

describe("endpoint guard: the lookup at every connect", () => {
  const resolving = (...addresses: string[]) =>
    guardedLookup((_, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      ),
    )
  const lookUp = (lookup: ReturnType<typeof guardedLookup>, all: boolean) =>
    new Promise<{ error: NodeJS.ErrnoException | null; found: unknown }>((resolve) => {
      lookup("db5p.notify.windows.com", { all }, (error, found) => resolve({ error, found }))
    })

  it("hands on public addresses, as one or as all", async () => {
    const lookup = resolving("52.230.1.1", "2a01:111:f400::1")
    expect((await lookUp(lookup, false)).found).toBe("52.230.1.1")
    const all = (await lookUp(lookup, true)).found as LookupAddress[]
    expect(all.map(({ address }) => address)).toEqual(["52.230.1.1", "2a01:111:f400::1"])
  })

  it("refuses a name when a single one of its addresses is not public", async () => {
    for (const addresses of [["127.0.0.1"], ["52.230.1.1", "10.0.0.1"], ["2a01:111:f400::1", "::1"], []]) {
      for (const all of [true, false]) {
        expect((await lookUp(resolving(...addresses), all)).error?.code).toBe("FORBIDDEN_ADDRESS")
      }
    }
  })

  it("hands on the fault of a name that does not resolve", async () => {
    const failure = Object.assign(new Error("no such name"), { code: "ENOTFOUND" })
    const lookup = guardedLookup((_, done) => done(failure, []))
    expect((await lookUp(lookup, true)).error?.code).toBe("ENOTFOUND")
  })
})
