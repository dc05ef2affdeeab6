import type { Schema } from "../../api/client.ts"
import { countOf, verbOf } from "../../ui/format.ts"
import type { Preview } from "./use-preview.ts"

type Audience = NonNullable<Preview["audience"]>
type Delivery = Schema<"Delivery">

/** Where the devices of an audience get a message. */
export interface Reach {
  /** Reached through Apple, Google or Microsoft, and they show or sound it. */
  readonly ringing: number
  /** As well, and nobody notices. */
  readonly silent: number
  readonly sandbox: number
  /** Without a credential and without the sandbox. */
  readonly unreachable: number
  /** Waiting for the master key of the server. */
  readonly held: number
  /** With an operating system that no provider serves. */
  readonly unsupported: number
}

export function reachOf(
  audience: Audience,
  payloads: Preview["payloads"],
  delivery: readonly Delivery[],
): Reach {
  const reach = {
    ringing: 0,
    silent: 0,
    sandbox: 0,
    unreachable: 0,
    held: 0,
    unsupported: audience.devices.other,
  }
  for (const { platform, shown } of payloads) {
    const to = delivery.find((route) => route.platform === platform)?.to ?? "none"
    const provider = shown.silent ? "silent" : "ringing"
    const found = { provider, sandbox: "sandbox", none: "unreachable", held: "held" } as const
    reach[found[to]] += audience.devices[platform]
  }
  return reach
}

/** The same in sentences, the most important first. */
export function reachInWords(reach: Reach): readonly string[] {
  const { ringing, silent, sandbox, unreachable, held, unsupported } = reach
  return [
    ringing > 0 ? `${countOf(ringing, "real phone")} will ring.` : "No real phone will ring.",
    silent > 0 && `${countOf(silent, "real phone")} will get it in silence.`,
    sandbox > 0 &&
      `${countOf(sandbox, "device")} ${verbOf(sandbox, "is", "are")} in the sandbox of this server: nobody else sees it.`,
    unreachable > 0 &&
      `${countOf(unreachable, "device")} will get nothing: the platform has no credential, and the sandbox is off.`,
    held > 0 &&
      `${countOf(held, "device")} will get nothing before the server was started with the right master key.`,
    unsupported > 0 &&
      `${countOf(unsupported, "device")} will get nothing: no push provider serves the operating system.`,
  ].filter((sentence) => sentence !== false)
}
