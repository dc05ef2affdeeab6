import { managementRoutes } from "../../src/http/documents.ts"
import { CHANNELS } from "../register/random-device.ts"
import type { Management } from "./management.ts"

/** One kind of request, with different devices, channels and messages from one sample to the next. */
export interface Call {
  readonly name: string
  /** Resolves with the bytes of the answer. */
  readonly send: (sample: number) => Promise<number>
}

/** Messages to about a thousand devices each, so that there is something to list and to look up. */
const MESSAGES = 20
/** Messages to one device each, for lists that look at many. */
const SMALL_MESSAGES = 400
const DEVICES_SAMPLED = 200
/** The first is the page of every list. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  "/applications/:applicationId/devices": [
    "",
    "?limit=1000",
    "?channel=big&limit=100",
    "?channel=CHANNEL&limit=100",
    "?os=android&limit=100",
    "?os=wp",
    "?deviceIdPrefix=DEVICE",
    "?deviceIdPrefix=PREFIX",
    "?deviceIdPrefix=nothing-begins-so",
    "?tokenHash=TOKENHASH",
    "?tokenHash=00000000",
    "?userId=nobody",
    "?channel=big&deviceIdPrefix=nothing&os=ios",
    "?cursor=700000&os=wp",
  ],
  "/applications/:applicationId/channels": ["", "?limit=200"],
  "/applications/:applicationId/audience": ["?channel=big", "?channel=CHANNEL&platforms=android"],
  "/applications/:applicationId/messages": ["", "?limit=1000"],
  "/applications/:applicationId/device-messages/*": ["", "?all=true&limit=200"],
  "/applications/:applicationId/statistics": ["", "?step=day"],
  "/applications/:applicationId/permissions/explain": ["?operation=message:publish&channel=big&key=REST"],
  "/applications/:applicationId/explain": ["?operation=message:publish&channel=big&key=REST"],
}
const STREAMS = /\/events$|\/device-export$/

interface Samples {
  readonly applicationId: string
  readonly devices: readonly { readonly deviceId: string; readonly tokenHash: string }[]
  readonly messages: readonly string[]
  readonly userId: string | undefined
}

/** Publishes some messages, and returns a call for every GET route that there is. */
export async function callsOf(management: Management, applicationId: string): Promise<readonly Call[]> {
  const samples = await samplesOf(management, applicationId)
  const calls: Call[] = []
  const reads = managementRoutes("benchmark").filter(({ method }) => method === "GET")
  for (const { path } of reads) {
    const short = path.slice("/admin/v1".length)
    for (const query of QUERIES[short] ?? [""]) {
      const isStream = STREAMS.test(short)
      const target = (sample: number) => filled(path + query, samples, sample)
      const probe = target(0)
      if (probe === undefined) continue
      calls.push({
        name: `GET ${short}${query}`,
        send: (sample) => management.read(target(sample) ?? probe, isStream),
      })
    }
  }
  return calls
}

async function samplesOf(management: Management, applicationId: string): Promise<Samples> {
  const app = `/admin/v1/applications/${applicationId}`
  const messages: string[] = []
  for (let index = 1; index <= MESSAGES; index++) {
    const body = { channel: `c${index}`, message: "Hello" }
    messages.push(String((await management.json("POST", `${app}/messages`, body))["messageId"]))
  }
  // One for everybody that stays on its way.
  const all = await management.json("POST", `${app}/messages`, { channel: "big", message: "Hello, all" })
  await management.json("POST", `${app}/messages/${all["messageId"]}/pause`, {})
  messages.push(String(all["messageId"]))
  await publishToFew(management, app)
  const page = await management.json("GET", `${app}/devices?cursor=500000&limit=${DEVICES_SAMPLED}`)
  const more = page["devices"] as Samples["devices"]
  const first = await management.json("GET", `${app}/devices?limit=${DEVICES_SAMPLED}`)
  const devices = [...more, ...(first["devices"] as Samples["devices"])]
  for (const id of messages.slice(0, -1)) await finished(management, `${app}/messages/${id}`)
  return { applicationId, devices, messages, userId: undefined }
}

async function publishToFew(management: Management, app: string): Promise<void> {
  const { devices } = (await management.json("GET", `${app}/devices?limit=10`)) as unknown as Samples
  for (let index = 0; index < SMALL_MESSAGES; index++) {
    const { deviceId } = devices[index % devices.length] ?? { deviceId: "" }
    await management.json("POST", `${app}/messages`, {
      channel: "big",
      message: "Hello",
      deviceIds: [deviceId],
    })
  }
}

async function finished(management: Management, path: string): Promise<void> {
  for (let wait = 0; wait < 600; wait++) {
    if ((await management.json("GET", path))["pending"] === 0) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${path} was not sent within a minute`)
}

/** Undefined for a path with something that there is none of. */
function filled(template: string, samples: Samples, sample: number): string | undefined {
  const device = samples.devices[(sample * 7) % samples.devices.length]
  const deviceId = device?.deviceId ?? ""
  const names: Readonly<Record<string, string | undefined>> = {
    applicationId: samples.applicationId,
    messageId: samples.messages[sample % samples.messages.length],
    channel: `c${(sample % CHANNELS) + 1}`,
    role: "RESTUser",
    userId: samples.userId,
  }
  const path = template
    .replace(/\*/, encodeURIComponent(deviceId))
    .replace("DEVICE", deviceId)
    .replace("PREFIX", deviceId.slice(0, 4))
    .replace("TOKENHASH", device?.tokenHash ?? "")
    .replace("CHANNEL", `c${(sample % CHANNELS) + 1}`)
  const missing = [...path.matchAll(/:([A-Za-z]+)/g)].some(
    ([, name = ""]) => name in names === false || names[name] === undefined,
  )
  if (missing && !/operation=/.test(path)) return undefined
  return path.replace(/\/:([A-Za-z]+)/g, (_, name: string) => `/${encodeURIComponent(names[name] ?? "")}`)
}
