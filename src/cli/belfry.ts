import type { PublishRequest } from "../domain/publish.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Services } from "../service/services.ts"

/** What the commands need of the rest of the program; cli.ts hands it in, so that they know neither config nor server. */
export interface Belfry {
  readonly version: string
  /** How this program is called by the person at the terminal: `belfry`, or `npm run -s belfry --` in a checkout. */
  readonly calledAs: string
  readonly clock: Clock
  /** The options of every command, and those of the server, from the table of settings. */
  readonly storageSettings: readonly SettingHelp[]
  readonly serverSettings: readonly SettingHelp[]
  /** "existing" refuses a data directory without data: its name may be misspelt. */
  open(flags: Flags, need: "existing" | "create"): Promise<OpenBelfry>
  serve(flags: Flags): Promise<RunningServer>
  examine(flags: Flags): Promise<readonly Finding[]>
  /** `port` for the control server and the four after it for the providers; undefined takes free ones. */
  simulate(port: number | undefined): Promise<RunningSimulators>
  /** Whether the error's message was written for the operator and says all that there is to say. */
  isExplained(error: unknown): boolean
}

/** What the command line gave, by the name of the setting. */
export type Flags = Readonly<Record<string, string | boolean>>

export interface SettingHelp {
  readonly group: string
  readonly name: string
  /** `--port PORT`; undefined: the environment only. */
  readonly flag: string | undefined
  readonly environment: string
  readonly fallback: string
  readonly meaning: string
}

/** The verbs on one data directory, whether or not a server runs on it. */
export interface OpenBelfry extends AsyncDisposable {
  readonly services: Services
  /** The fields of the publish call, decoded and checked as the call's are. Throws DomainError. */
  readonly publishRequest: (channel: string, fields: object) => PublishRequest
}

export interface RunningServer {
  readonly introduction: Introduction
  /** Resolves when it cannot go on and must be closed. */
  readonly lost: Promise<Error>
  /** Refuses new requests and finishes what runs, until the signal aborts. */
  close(signal: AbortSignal): Promise<void>
}

export interface Introduction {
  readonly url: string
  readonly consoleUrl: string
  readonly dataDir: string
  readonly isFirstStart: boolean
  /** Whether people are shown API keys, and the calls that are made with them. */
  readonly showsKeys: boolean
  readonly masterKey: "good" | "missing" | "wrong"
  /** Makes the first administrator; undefined when there is one. */
  readonly setupUrl: string | undefined
  readonly application:
    | {
        readonly id: string
        readonly name: string
        readonly preset: string
        readonly apiKeys: Readonly<Record<string, string>> | undefined
        readonly routes: readonly {
          readonly platform: string
          readonly provider: string
          readonly to: "provider" | "sandbox" | "none" | "held"
        }[]
      }
    | undefined
}

/** The result of one check of `doctor`. */
export interface Finding {
  readonly check: string
  readonly state: "ok" | "warn" | "fail"
  readonly found: string
  /** What to do about it; undefined when nothing is. */
  readonly advice: string | undefined
}

export interface RunningSimulators extends AsyncDisposable {
  /** Steers faults, journal and device states. */
  readonly controlOrigin: string
  readonly origins: {
    readonly apns: string
    readonly apnsSandbox: string
    readonly fcm: string
    readonly wns: string
  }
  readonly caCertificatePem: string
  readonly credentials: {
    readonly apns: {
      readonly privateKey: string
      readonly keyId: string
      readonly teamId: string
      readonly topic: string
    }
    readonly fcm: object
    readonly wns: { readonly tenantId: string; readonly clientId: string; readonly clientSecret: string }
  }
}
