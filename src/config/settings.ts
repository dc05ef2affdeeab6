import { DEFAULT_LIMITS } from "../domain/limits.ts"
import {
  addressRanges,
  confidentialUrl,
  derivedNumber,
  directory,
  environmentName,
  listenAddress,
  oneOf,
  port,
  type Setting,
  secretKey,
  switchedOn,
  wholeNumber,
} from "./setting.ts"

/**
 * The one table of settings. A flag goes before the environment, the environment before the default. `--help` and
 * docs/config.md are generated from it.
 */

/** Where the data is: what every command takes. */
export const STORAGE_SETTINGS = {
  dataDir: directory(
    "data-dir",
    "./belfry-data",
    "Directory of the embedded store and the master key; created when missing.",
  ),
  databaseUrl: confidentialUrl(
    "database-url",
    "Address of a PostgreSQL database. This version keeps its data in the data directory only and refuses it.",
  ),
  masterKey: secretKey(
    "master-key",
    "the file master.key of the data directory, made on the first start",
    "Key that seals API keys and provider credentials at rest: 64 hexadecimal digits or 44 characters of base64.",
  ),
}

export const SERVER_SETTINGS = {
  host: listenAddress(
    "host",
    "127.0.0.1",
    "Address to listen on. Belfry speaks plain HTTP: put a TLS proxy in front before it listens to other machines.",
  ),
  port: port("port", 9000, "Port to listen on; 0 takes a free one."),
  logLevel: oneOf(
    "log-level",
    "info",
    ["silent", "error", "warn", "info", "debug"],
    "Least severe log lines to write, as JSON on standard error.",
  ),
  sandbox: switchedOn(
    "sandbox",
    "Messages for platforms without a provider credential go to the bundled simulators; off: they are not sent.",
  ),
  showKeys: switchedOn(
    "show-keys",
    "Each start shows the REST API key of the oldest application; off: only the first one does. For a service, whose output is kept.",
  ),
  metricsAccess: oneOf(
    "metrics-access",
    "token",
    ["token", "anyone"],
    "Who may read /metrics: who sends an administrator's token with the scope read, or anyone who reaches the port.",
  ),
}

const CHARACTERS = { min: 1, max: 10_000 }
const COUNT = { min: 1, max: 1_000_000 }
const BODY_BYTES = { min: 1024, max: 67_108_864 }

/** The limits of domain/limits.ts: what apps may register and publish. */
export const LIMIT_SETTINGS = {
  deviceToken: wholeNumber(
    "limit-device-token",
    DEFAULT_LIMITS.deviceToken,
    CHARACTERS,
    "Characters of a device token.",
  ),
  wpDeviceToken: wholeNumber(
    "limit-wp-device-token",
    DEFAULT_LIMITS.wpDeviceToken,
    CHARACTERS,
    "Characters of the device token of a Windows device, which is a URL.",
  ),
  deviceId: wholeNumber("limit-device-id", DEFAULT_LIMITS.deviceId, CHARACTERS, "Characters of a device id."),
  os: wholeNumber("limit-os", DEFAULT_LIMITS.os, CHARACTERS, "Characters of `os`."),
  osVersion: wholeNumber(
    "limit-os-version",
    DEFAULT_LIMITS.osVersion,
    CHARACTERS,
    "Characters of `osVersion`.",
  ),
  channelName: wholeNumber(
    "limit-channel-name",
    DEFAULT_LIMITS.channelName,
    CHARACTERS,
    "Characters of a channel's name.",
  ),
  channelsPerDevice: wholeNumber(
    "limit-channels-per-device",
    DEFAULT_LIMITS.channelsPerDevice,
    COUNT,
    "Channels of one device, and of one registration request.",
  ),
  deviceIdsPerPublish: wholeNumber(
    "limit-device-ids-per-publish",
    DEFAULT_LIMITS.deviceIdsPerPublish,
    COUNT,
    "Device ids that one publish may name.",
  ),
  bodyBytes: wholeNumber(
    "limit-body-bytes",
    DEFAULT_LIMITS.bodyBytes,
    BODY_BYTES,
    "Bytes of the body of a registration and of every other small request.",
  ),
  publishBodyBytes: wholeNumber(
    "limit-publish-body-bytes",
    DEFAULT_LIMITS.publishBodyBytes,
    BODY_BYTES,
    "Bytes of the body of a publish.",
  ),
  jsonDepth: wholeNumber(
    "limit-json-depth",
    DEFAULT_LIMITS.jsonDepth,
    { min: 2, max: 256 },
    "Nesting of arrays and objects in a body.",
  ),
}

const WAIT_MS = { min: 100, max: 3_600_000 }

/** How many connections, and how slow they may be: ConnectionLimits of http/connections.ts. */
export const CONNECTION_SETTINGS = {
  connectionsMax: wholeNumber(
    "http-connections-max",
    20_000,
    COUNT,
    "Connections open at once; more are refused by closing them.",
  ),
  connectionsPerAddressMax: wholeNumber(
    "http-connections-per-address-max",
    1000,
    COUNT,
    "Connections open at once from one address, or from one IPv6 network of 64 bits; more are answered with an error.",
  ),
  uncappedAddresses: addressRanges(
    "http-uncapped-addresses",
    ["127.0.0.1", "::1"],
    "for whom no cap would be left",
    "Addresses and CIDR ranges without a cap of their own, such as those of reverse proxies; IPv6 counts by its first 64 bits.",
  ),
  headersTimeoutMs: wholeNumber(
    "http-headers-timeout-ms",
    5000,
    WAIT_MS,
    "Milliseconds from the first byte of a request, or from the connection, to the end of its headers.",
  ),
  requestTimeoutMs: wholeNumber(
    "http-request-timeout-ms",
    15_000,
    WAIT_MS,
    "Milliseconds from the first byte of a request to the end of its body.",
  ),
  keepAliveMs: wholeNumber(
    "http-keep-alive-ms",
    60_000,
    WAIT_MS,
    "Milliseconds that a connection may be idle between two requests.",
  ),
}

/** Who is believed about where a request comes from: ClientAddresses of http/client-address.ts. */
export const PROXY_SETTINGS = {
  trustedProxies: addressRanges(
    "http-trusted-proxies",
    [],
    "who cannot be trusted",
    "Addresses and CIDR ranges of reverse proxies whose X-Forwarded-For says where a request comes from, such as 10.0.0.0/8,2001:db8::7; without it, all that a proxy carries counts as one address.",
  ),
}

const PER_SECOND = { min: 0, max: 10_000_000 }

/** How many requests are answered, on average over ten seconds: RateSettings of http/rate-limits.ts. */
export const RATE_SETTINGS = {
  perKey: wholeNumber(
    "rate-per-key",
    50_000,
    PER_SECOND,
    "Requests a second with one API key that has no limit of its own; all installations of an app share one. 0: any number.",
  ),
  perApplication: wholeNumber(
    "rate-per-application",
    100_000,
    PER_SECOND,
    "Requests a second with all API keys of an application; 0: any number.",
  ),
  perAddress: wholeNumber(
    "rate-per-address",
    1000,
    PER_SECOND,
    "Requests a second from one client address, except those of http-uncapped-addresses; 0: any number.",
  ),
  perAdministrator: wholeNumber(
    "rate-per-administrator",
    1000,
    PER_SECOND,
    "Requests a second with one administrator's token, or by one administrator in all sessions; 0: any number.",
  ),
}

/** How a publish is carried to its devices: part of DeliverySettings of delivery/settings.ts. */
export const DELIVERY_SETTINGS = {
  bulkRunners: wholeNumber(
    "delivery-bulk-runners",
    4,
    { min: 1, max: 64 },
    "Segments of any message worked on at once.",
  ),
  expressRunners: derivedNumber(
    "delivery-express-runners",
    "an eighth of BELFRY_DELIVERY_DOUBT_MAX",
    { min: 1, max: 512 },
    "Segments of small messages worked on at once besides, so that no broadcast delays them; each until its provider has answered.",
  ),
  doubtMax: wholeNumber(
    "delivery-doubt-max",
    256,
    { min: 16, max: 4096 },
    "Pushes under way at once, of all messages: as many devices may be in doubt after a crash. More are faster where providers take long to answer.",
  ),
  reservation: derivedNumber(
    "delivery-reservation",
    "half of BELFRY_DELIVERY_DOUBT_MAX",
    { min: 1, max: 4096 },
    "How many of these pushes one segment may have, a slice of at most 50 000 devices.",
  ),
  retryingMax: wholeNumber(
    "delivery-retrying-max",
    10_000,
    COUNT,
    "The fan-out of a message to a provider pauses while so many of its devices wait for another attempt there.",
  ),
}

const RETRY_DELAY_MS = { min: 100, max: 3_600_000 }

/** When an unsettled device is tried again: RetrySettings of delivery/settings.ts. */
export const RETRY_SETTINGS = {
  attemptsMax: wholeNumber(
    "delivery-attempts-max",
    10,
    { min: 1, max: 100 },
    "Sends of one message to one device, the first included.",
  ),
  delayMaxMs: wholeNumber(
    "delivery-retry-delay-max-ms",
    900_000,
    { min: 1000, max: 86_400_000 },
    "Longest delay in milliseconds that Belfry chooses between two attempts; a provider may ask for more.",
  ),
}

/** The shortest delay that Belfry chooses between two attempts, for each provider. */
export const RETRY_DELAY_SETTINGS = {
  apns: retryDelay("apns", "APNs", 1000),
  fcm: retryDelay("fcm", "FCM", 10_000),
  wns: retryDelay("wns", "WNS", 1000),
}

function retryDelay(provider: string, label: string, fallback: number): Setting<number> {
  const meaning = `Shortest delay in milliseconds that Belfry chooses before another attempt through ${label}; one that the provider asks for is kept to, also where it is shorter.`
  return wholeNumber(`delivery-retry-delay-min-${provider}-ms`, fallback, RETRY_DELAY_MS, meaning)
}

/** How providers are reached. */
export const PROVIDER_SETTINGS = {
  http2: oneOf(
    "provider-http2-client",
    "belfry",
    ["belfry", "node"],
    "Which HTTP/2 client carries pushes to APNs and FCM: Belfry's own or, many times slower, that of Node.js.",
  ),
}

/** A row of the table, as documentation and `--help` need it. */
export interface SettingRow {
  readonly group: string
  readonly name: string
  /** `--port PORT`, or undefined when only the environment has it. */
  readonly flag: string | undefined
  readonly environment: string
  readonly fallback: string
  readonly meaning: string
}

export const SETTING_GROUPS = [
  { title: "Data", settings: STORAGE_SETTINGS },
  { title: "Server", settings: SERVER_SETTINGS },
  { title: "Limits of apps", settings: LIMIT_SETTINGS },
  { title: "Connections", settings: { ...CONNECTION_SETTINGS, ...PROXY_SETTINGS } },
  { title: "Rate limits", settings: RATE_SETTINGS },
  {
    title: "Delivery",
    settings: { ...DELIVERY_SETTINGS, ...RETRY_SETTINGS, ...RETRY_DELAY_SETTINGS, ...PROVIDER_SETTINGS },
  },
] as const

/** Every setting, in the order of the documentation. */
export function settingRows(): readonly SettingRow[] {
  return SETTING_GROUPS.flatMap(({ title, settings }) =>
    Object.values<Setting<unknown>>(settings).map((setting) => ({
      group: title,
      name: setting.name,
      flag: flagOf(setting),
      environment: environmentName(setting.name),
      fallback: setting.fallbackText,
      meaning: setting.meaning,
    })),
  )
}

function flagOf({ name, placeholder, hasFlag }: Setting<unknown>): string | undefined {
  if (!hasFlag) return undefined
  return placeholder === "" ? `--no-${name}` : `--${name} ${placeholder}`
}
