import { createRequire } from "node:module"

/**
 * Run as a process of its own, since the official SDK keeps its state in a global: initialises it as the first argument
 * says, makes the calls of the second argument one after the other, and prints what each gave as JSON.
 */

export type SdkStart =
  | { readonly serverURL: string; readonly applicationId: string; readonly apiKey: string }
  | { readonly domain: string }

export type SdkCall =
  | {
      readonly call: "setupDevice"
      readonly uuid: string
      readonly platform: string
      readonly version: string
    }
  | {
      readonly call: "registerDevice"
      readonly token: string
      readonly channels?: readonly string[]
      /** Milliseconds since 1970, given to the SDK as a Date. */
      readonly date?: number
      /** Given to the SDK as a number. */
      readonly number?: number
    }
  | { readonly call: "getRegistrations" | "unregisterDevice" | "info" }
  | { readonly call: "getPushTemplates"; readonly deviceType: string }
  | { readonly call: "register"; readonly user: Readonly<Record<string, unknown>> }
  | { readonly call: "login"; readonly login: string; readonly password: string }
  | { readonly call: "loginById"; readonly objectId: string }
  | { readonly call: "loginAsGuest" | "logout" | "isValidLogin" | "getUserRoles" | "currentUserToken" }
  /** What the SDK remembers of a login of before. */
  | { readonly call: "rememberUserToken"; readonly userToken: string }

export type SdkResult =
  | { readonly value: unknown }
  | { readonly error: { readonly code: unknown; readonly message: string; readonly status: unknown } }

interface Sdk {
  serverURL: string
  initApp(...parameters: unknown[]): void
  appInfoPromise(): Promise<unknown>
  setupDevice(device: object): void
  readonly LocalCache: { set(key: string, value: string): void }
  readonly User: new (user: object) => object
  readonly UserService: {
    register(user: object): Promise<unknown>
    login(login: string, password?: string): Promise<unknown>
    loginAsGuest(): Promise<unknown>
    logout(): Promise<unknown>
    isValidLogin(): Promise<unknown>
    getUserRoles(): Promise<unknown>
  }
  getCurrentUserToken(): unknown
  readonly Messaging: {
    registerDevice(token: string, channels?: readonly string[], expiration?: Date | number): Promise<unknown>
    getRegistrations(): Promise<unknown>
    unregisterDevice(): Promise<unknown>
    getPushTemplates(deviceType: string): Promise<unknown>
  }
}

if (import.meta.main) {
  const [start, calls] = process.argv.slice(2).map((text) => JSON.parse(text)) as [
    SdkStart,
    readonly SdkCall[],
  ]
  const sdk: Sdk = createRequire(import.meta.url)("backendless")
  if ("domain" in start) {
    sdk.initApp({ domain: start.domain })
  } else {
    sdk.serverURL = start.serverURL
    sdk.initApp(start.applicationId, start.apiKey)
  }
  const results: SdkResult[] = []
  for (const call of calls) results.push(await resultOf(sdk, call))
  process.stdout.write(JSON.stringify(results))
}

async function resultOf(sdk: Sdk, call: SdkCall): Promise<SdkResult> {
  try {
    return { value: (await make(sdk, call)) ?? null }
  } catch (error) {
    const { code, message, status } = error as { code: unknown; message: string; status: unknown }
    return { error: { code, message, status } }
  }
}

async function make(sdk: Sdk, call: SdkCall): Promise<unknown> {
  switch (call.call) {
    case "setupDevice":
      return sdk.setupDevice({ uuid: call.uuid, platform: call.platform, version: call.version })
    case "registerDevice": {
      const expiration = call.date === undefined ? call.number : new Date(call.date)
      return await sdk.Messaging.registerDevice(call.token, call.channels, expiration)
    }
    case "getRegistrations":
      return await sdk.Messaging.getRegistrations()
    case "unregisterDevice":
      return await sdk.Messaging.unregisterDevice()
    case "getPushTemplates":
      return await sdk.Messaging.getPushTemplates(call.deviceType)
    case "register":
      return await sdk.UserService.register(new sdk.User(call.user))
    case "login":
      return await sdk.UserService.login(call.login, call.password)
    case "loginById":
      return await sdk.UserService.login(call.objectId)
    case "loginAsGuest":
      return await sdk.UserService.loginAsGuest()
    case "logout":
      return await sdk.UserService.logout()
    case "isValidLogin":
      return await sdk.UserService.isValidLogin()
    case "getUserRoles":
      return await sdk.UserService.getUserRoles()
    case "currentUserToken":
      return sdk.getCurrentUserToken()
    case "rememberUserToken":
      sdk.LocalCache.set("user-token", call.userToken)
      return undefined
    case "info":
      return await sdk.appInfoPromise()
  }
}
