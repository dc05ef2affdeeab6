import type { KeyKind } from "../../src/domain/application.ts"
import type { Preset } from "../../src/domain/permission.ts"
import type { UserSettings } from "../../src/domain/user-settings.ts"
import {
  type AdministrationOptions,
  openAdministration,
  type Reply,
} from "../administrators/administration.ts"

export const PASSWORD = "qwerty"

/** Both surfaces with one application more, and short words for what its apps and administrators do. */
export async function openUserServer(options: AdministrationOptions = {}) {
  const server = await openAdministration(options)
  const administrator = await server.bearer("administer")
  const addApplication = async (preset: Preset = "locked") => {
    const { apiKeys, ...application } = await server.services.applications.create("Shop", preset)
    const { number } = application
    const keys: Readonly<Record<string, string>> = apiKeys
    /** A call of an app; `userToken` is sent with it. */
    const call = (
      method: string,
      path: string,
      { body, key = "ANDROID", userToken, headers, from }: AppCall = {},
    ): Promise<Reply> =>
      server.ask(method, `/${application.id}/${keys[key]}/${path}`, {
        ...(body !== undefined && { body }),
        headers: { ...headers, ...(userToken !== undefined && { "user-token": userToken }) },
        ...(from !== undefined && { from }),
      })
    const logIn = (email: string, password = PASSWORD, more: AppCall = {}) =>
      call("POST", "users/login", { body: { login: email, password }, ...more })
    return {
      ...application,
      number,
      call,
      logIn,
      /** A call of the management API for this application. */
      manage: (method: string, path: string, body?: unknown) =>
        server.ask(method, `/admin/v1/applications/${application.id}/${path}`, {
          headers: administrator,
          ...(body !== undefined && { body }),
        }),
      change: (settings: Partial<UserSettings>) =>
        server.services.userSettings.change(application.id, settings),
      /** A user who is registered, and logged in. */
      async user(email: string): Promise<{ readonly id: string; readonly token: string }> {
        const made = await call("POST", "users/register", { body: { email, password: PASSWORD } })
        const { body } = await logIn(email)
        return { id: String(made.body["objectId"]), token: String(body["user-token"]) }
      },
      isValid: async (token: string) => (await call("GET", `users/isvalidusertoken/${token}`)).text,
    }
  }
  return Object.assign(server, { addApplication, application: await addApplication() })
}

export interface AppCall {
  readonly body?: unknown
  readonly key?: KeyKind
  readonly userToken?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly from?: string
}

export type UserServer = Awaited<ReturnType<typeof openUserServer>>

/** Longer than anything is remembered, and no longer than a change may take to be in force everywhere. */
export const IN_FORCE_MS = 5_000
