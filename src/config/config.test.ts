import { describe, expect, test } from "vitest"
import { DEFAULT_DELIVERY_SETTINGS } from "../delivery/settings.ts"
import { DEFAULT_LIMITS } from "../domain/limits.ts"
import { DEFAULT_CONNECTION_LIMITS } from "../http/connections.ts"
import { type Config, type Flags, readConfig } from "./config.ts"
import { readEnvironment } from "./env.ts"
import { settingRows } from "./settings.ts"

const read = (flags: Flags, variables: NodeJS.ProcessEnv = {}) =>
  readConfig(flags, readEnvironment(variables))

function good(flags: Flags, variables: NodeJS.ProcessEnv = {}) {
  const reading = read(flags, variables)
  if (!reading.ok) throw new Error(reading.faults.join("\n"))
  return reading
}

function faults(flags: Flags, variables: NodeJS.ProcessEnv = {}): readonly string[] {
  const reading = read(flags, variables)
  return reading.ok ? [] : reading.faults
}

describe("the defaults", () => {
  const { config, secrets, given, warnings } = good({})

  test("listen on this machine only, at port 9000", () => {
    expect(config).toMatchObject({ host: "127.0.0.1", port: 9000, logLevel: "info", sandbox: true })
    expect(config.dataDir).toBe(`${process.cwd()}/belfry-data`)
    expect({ given, warnings, secrets }).toEqual({
      given: {},
      warnings: [],
      secrets: { masterKey: undefined },
    })
  })

  test("are those of the parts that they configure", () => {
    expect(config.limits).toEqual(DEFAULT_LIMITS)
    expect(DEFAULT_CONNECTION_LIMITS).toMatchObject(config.connections)
    expect(DEFAULT_DELIVERY_SETTINGS).toMatchObject(config.delivery)
  })
})

describe("a setting", () => {
  test("comes from the flag before the environment, and from the environment before the default", () => {
    expect(good({ port: "1" }, { BELFRY_PORT: "2" }).config.port).toBe(1)
    expect(good({}, { BELFRY_PORT: "2" }).config.port).toBe(2)
    expect(good({}, { BELFRY_PORT: " " }).config.port).toBe(9000)
  })

  test("has an environment variable of the name of its flag", () => {
    for (const { name, flag, environment } of settingRows()) {
      expect(environment).toBe(`BELFRY_${name.replaceAll("-", "_").toUpperCase()}`)
      if (flag !== undefined) expect(flag).toMatch(new RegExp(`^--(no-)?${name}( [A-Z]+)?$`))
    }
    const names = settingRows().map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  test.each<[string, Flags, (config: Config) => unknown, unknown]>([
    [
      "a limit",
      { "limit-device-token": "4096", "limit-wp-device-token": "4096" },
      ({ limits }) => limits.deviceToken,
      4096,
    ],
    ["an IPv6 address in brackets", { host: "[::1]" }, ({ host }) => host, "::1"],
    [
      "a relative directory",
      { "data-dir": "some/where" },
      ({ dataDir }) => dataDir,
      `${process.cwd()}/some/where`,
    ],
    ["the sandbox switched off", { sandbox: false }, ({ sandbox }) => sandbox, false],
    [
      "a list of addresses and ranges",
      { "http-uncapped-addresses": "10.0.0.1, ::1,::ffff:127.0.0.1, 192.0.2.0/24,2001:DB8:0::/48" },
      ({ connections }) => connections.uncappedAddresses,
      ["10.0.0.1", "::1", "127.0.0.1", "192.0.2.0/24", "2001:db8::/48"],
    ],
    [
      "an empty list",
      { "http-uncapped-addresses": "none" },
      ({ connections }) => connections.uncappedAddresses,
      [],
    ],
    [
      "trusted addresses and ranges, each spelt in its usual way",
      { "http-trusted-proxies": "10.0.0.0/8, 2001:DB8:0::/48,192.0.2.7/32,::ffff:192.0.2.8" },
      ({ proxies }) => proxies.trustedProxies,
      ["10.0.0.0/8", "2001:db8::/48", "192.0.2.7", "192.0.2.8"],
    ],
    [
      "more pushes under way, of which a segment may have half",
      { "delivery-doubt-max": "2000" },
      ({ delivery }) => [delivery.doubtMax, delivery.reservation],
      [2000, 1000],
    ],
    [
      "fewer pushes under way, with an eighth as many runners for small messages",
      { "delivery-doubt-max": "128" },
      ({ delivery }) => delivery.expressRunners,
      16,
    ],
    [
      "more pushes under way and fewer of a segment",
      { "delivery-doubt-max": "2000", "delivery-reservation": "50" },
      ({ delivery }) => [delivery.doubtMax, delivery.reservation],
      [2000, 50],
    ],
    [
      "a delay of one provider",
      { "delivery-retry-delay-min-fcm-ms": "20000" },
      ({ delivery }) => delivery.retry.delayMinMs.fcm,
      20_000,
    ],
  ])("may be %s", (_, flags, choose, expected) => {
    expect(choose(good(flags).config)).toEqual(expected)
  })

  test("switches the sandbox off in the environment by several words", () => {
    for (const word of ["off", "false", "0", "NO"]) {
      expect(good({}, { BELFRY_SANDBOX: word }).config.sandbox).toBe(false)
    }
    expect(faults({}, { BELFRY_SANDBOX: "perhaps" })).toEqual([
      'BELFRY_SANDBOX is "perhaps" and must be on or off.',
    ])
  })
})

describe("the master key", () => {
  const key = Buffer.alloc(32, 0xa5)

  test.each(["hex", "base64"] as const)("is 32 bytes in %s, and is shown nowhere", (encoding) => {
    const { secrets, given, config } = good({}, { BELFRY_MASTER_KEY: key.toString(encoding) })
    expect(secrets.masterKey).toEqual(key)
    expect(given).toEqual({ "master-key": "(secret)" })
    expect(JSON.stringify(config)).not.toContain(key.toString(encoding))
  })

  test.each(["a5", `${"a5".repeat(32)}00`, Buffer.alloc(31).toString("base64"), "x".repeat(64)])(
    "is refused as %s without repeating it",
    (text) => {
      expect(faults({}, { BELFRY_MASTER_KEY: text })).toEqual([
        "The value of BELFRY_MASTER_KEY must be 32 bytes, written as 64 hexadecimal digits or as 44 characters of base64.",
      ])
    },
  )
})

describe("what is wrong is named", () => {
  test.each<[string, Flags, string]>([
    [
      "a port that is none",
      { port: "70000" },
      '--port is "70000" and must be a whole number from 0 to 65535.',
    ],
    ["a negative port", { port: "-1" }, '--port is "-1" and must be a whole number from 0 to 65535.'],
    [
      "an unknown log level",
      { "log-level": "loud" },
      '--log-level is "loud" and must be one of silent, error, warn, info, debug.',
    ],
    [
      "a URL for a host",
      { host: "http://x" },
      '--host is "http://x" and must be an address or host name to listen on, such as 127.0.0.1, 0.0.0.0 or ::, without a scheme or port.',
    ],
    ["no directory", { "data-dir": "" }, '--data-dir is "" and must be the path of a directory.'],
    [
      "a range with too many bits beside an address that is none, but not beside a good one",
      { "http-trusted-proxies": "10.0.0.0/33, 10.0.0.1, proxy.example" },
      '--http-trusted-proxies is "10.0.0.0/33, 10.0.0.1, proxy.example" and must be IP addresses and CIDR ranges separated by commas, or none; "10.0.0.0/33" needs a number of bits from 0 to 32 behind its slash; "proxy.example" is no IP address or CIDR range, such as 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32.',
    ],
    [
      "a range that may be meant as an address",
      { "http-trusted-proxies": "10.1.2.3/8" },
      '--http-trusted-proxies is "10.1.2.3/8" and must be IP addresses and CIDR ranges separated by commas, or none; "10.1.2.3/8" has more than its first 8 bits set: the range is 10.0.0.0/8, the address alone 10.1.2.3.',
    ],
    [
      "proxies that are everybody",
      { "http-trusted-proxies": "::/0" },
      '--http-trusted-proxies is "::/0" and must be IP addresses and CIDR ranges separated by commas, or none; "::/0" is everybody, who cannot be trusted.',
    ],
    [
      "uncapped addresses that are everybody",
      { "http-uncapped-addresses": "0.0.0.0/0" },
      '--http-uncapped-addresses is "0.0.0.0/0" and must be IP addresses and CIDR ranges separated by commas, or none; "0.0.0.0/0" is everybody, for whom no cap would be left.',
    ],
    [
      "a list that ends in a comma",
      { "http-trusted-proxies": "10.0.0.1," },
      '--http-trusted-proxies is "10.0.0.1," and must be IP addresses and CIDR ranges separated by commas, or none; "" is no IP address or CIDR range, such as 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32.',
    ],
    ["a limit of zero", { "limit-os": "0" }, '--limit-os is "0" and must be a whole number from 1 to 10000.'],
    ["a fraction", { "limit-os": "1.5" }, '--limit-os is "1.5" and must be a whole number from 1 to 10000.'],
  ])("as %s", (_, flags, fault) => {
    expect(faults(flags)).toEqual([fault])
  })

  test("all at once", () => {
    expect(faults({ port: "x" }, { BELFRY_LOG_LEVEL: "x", BELFRY_LIMIT_OS: "x" })).toHaveLength(3)
  })

  test("also when Kubernetes wrote it", () => {
    const [fault] = faults({}, { BELFRY_PORT: "tcp://10.0.0.1:9000", BELFRY_SERVICE_HOST: "10.0.0.1" })
    expect(fault).toMatch(/enableServiceLinks/)
  })

  test("without repeating the password of a database, which this version does not support", () => {
    const [fault, ...more] = faults({ "database-url": "postgres://user:password@host/db" })
    expect(fault).toMatch(/^PostgreSQL is not supported yet/)
    expect(more).toEqual([])
    expect(fault).not.toContain("password")
  })
})

describe("a contradiction is refused", () => {
  test.each<[string, Flags, RegExp]>([
    [
      "a smaller body for a publish than for a registration",
      { "limit-body-bytes": "2000000" },
      /^BELFRY_LIMIT_PUBLISH_BODY_BYTES \(1048576\) must not be less/,
    ],
    [
      "a token that no body can hold",
      { "limit-device-token": "10000", "limit-body-bytes": "8192" },
      /too small for a registration with the longest device token/,
    ],
    [
      "headers that may take longer than the request",
      { "http-headers-timeout-ms": "20000" },
      /^BELFRY_HTTP_REQUEST_TIMEOUT_MS \(15000\) must not be less/,
    ],
    [
      "more pushes of one segment than of all",
      { "delivery-reservation": "300" },
      /^BELFRY_DELIVERY_RESERVATION \(300\) must not be more than BELFRY_DELIVERY_DOUBT_MAX \(256\)/,
    ],
    [
      "fewer pushes than runners",
      { "delivery-doubt-max": "16", "delivery-bulk-runners": "15" },
      /^BELFRY_DELIVERY_DOUBT_MAX \(16\) must not be less than there are runners \(17\)/,
    ],
    [
      "a longest delay that is shorter than a shortest one",
      { "delivery-retry-delay-max-ms": "5000" },
      /^BELFRY_DELIVERY_RETRY_DELAY_MAX_MS \(5000\) must not be less/,
    ],
  ])("such as %s", (_, flags, fault) => {
    expect(faults(flags)).toEqual([expect.stringMatching(fault)])
  })
})

test("a misspelt variable is warned of, one that Kubernetes sets is not", () => {
  const variables = {
    BELFRY_PROT: "1",
    BELFRY_SERVICE_PORT: "9000",
    BELFRY_PORT_9000_TCP: "tcp://10.0.0.1:9000",
    PATH: "/bin",
  }
  expect(good({}, variables).warnings).toEqual([
    "The environment variable BELFRY_PROT means nothing to Belfry; is it misspelt?",
  ])
})
