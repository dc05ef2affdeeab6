import type { Outcome } from "../domain/outcome.ts"
import type { Platform, ProviderName } from "../domain/platform.ts"
import type { PushContent } from "../domain/push-content.ts"
import type { OutcomeSink, Provider } from "../provider/provider.ts"
import type { Clock } from "../runtime/clock.ts"
import { silentLog } from "../runtime/log.ts"
import type { Random } from "../runtime/random.ts"
import type { CredentialInput } from "../service/credentials.ts"
import { openProvider } from "./providers.ts"

/** Longer than a connection and an exchange may take (form-post.ts, DEFAULT_TIMINGS). */
const TRIAL_MS = 20_000
const CLOSING_MS = 1_000

/** Well-formed, and of no device: providers answer that they do not know it once they have accepted the credential. */
const NOBODY: { readonly [P in ProviderName]: { readonly platform: Platform; readonly token: string } } = {
  apns: { platform: "ios", token: "0".repeat(64) },
  fcm: { platform: "android", token: "belfry-credential-check" },
  wns: { platform: "wp", token: "https://cloud.notify.windows.com/?token=belfry-credential-check" },
}

/**
 * Sends one push that can reach nobody, with a provider of its own over the client that delivers. Resolves with what
 * became of it; undefined when nothing did within 20 seconds.
 */
export async function tryCredential(
  name: ProviderName,
  input: CredentialInput,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<Outcome | undefined> {
  const provider = openProvider(name, input, { clock, random, log: silentLog })
  const { platform, token } = NOBODY[name]
  const push = provider.prepare(trialMessage(clock), platform)
  const { promise, resolve } = Promise.withResolvers<Outcome | undefined>()
  const cancel = clock.after(TRIAL_MS, () => resolve(undefined))
  const batch = { push, tickets: [0], tokens: [token] }
  const sink: OutcomeSink = {
    settle: (_ticket, outcome) => resolve(outcome),
    room: () => void provider.offer(batch, 0, () => undefined, sink),
  }
  sink.room()
  try {
    return await promise
  } finally {
    cancel()
    await closed(provider, clock)
  }
}

/** Silent, should a simulator take it for a message to a device. */
function trialMessage(clock: Clock): PushContent {
  return {
    messageId: "message:00000000-0000-0000-0000-000000000000",
    text: "",
    headers: new Map([["ios-content-available", "1"]]),
    expiresAt: clock.now() + 60_000,
  }
}

async function closed(provider: Provider, clock: Clock): Promise<void> {
  const abort = new AbortController()
  const cancel = clock.after(CLOSING_MS, () => abort.abort())
  await provider.close(abort.signal)
  cancel()
}
