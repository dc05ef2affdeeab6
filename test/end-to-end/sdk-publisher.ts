import Backendless from "backendless"

/**
 * The official JavaScript SDK in a process of its own, told what to do by one JSON argument, answering with JSON lines:
 * `{"value":…}` for what a call returned, `{"error":{code,message}}` for what it threw.
 */

interface Order {
  readonly serverURL: string
  readonly applicationId: string
  readonly apiKey: string
  readonly calls: readonly (readonly [
    name: "publish" | "getMessageStatus" | "cancel" | "pushWithTemplate" | "deleteChannel",
    ...parameters: unknown[],
  ])[]
}

const order = JSON.parse(process.argv[2] ?? "") as Order
Backendless.serverURL = order.serverURL
Backendless.initApp(order.applicationId, order.apiKey)
const messaging = Backendless.Messaging as unknown as Record<
  string,
  (...parameters: unknown[]) => Promise<unknown>
>
for (const [name, ...parameters] of order.calls) {
  try {
    console.log(JSON.stringify({ value: await messaging[name]?.(...parameters) }))
  } catch (error) {
    const { code, message } = error as { code?: number; message?: string }
    console.log(JSON.stringify({ error: { code, message } }))
  }
}
