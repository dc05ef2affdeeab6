import { type Platform, PROVIDER_OF, type ProviderName } from "../domain/platform.ts"
import type { PushContent } from "../domain/push-content.ts"
import { apnsPush } from "./apns/apns-payload.ts"
import { fcmPush } from "./fcm/fcm-payload.ts"
import type { TranslatedPush } from "./push-protocol.ts"
import { wnsPush } from "./wns/wns-payload.ts"

export interface PayloadCheck {
  readonly platform: Platform
  readonly provider: ProviderName
  readonly payloadBytes: number
  readonly payloadBytesMax: number
  /** What is wrong and what would be right; undefined when the message can be sent to this platform. */
  readonly problem: string | undefined
}

/**
 * What a message would be for a platform, whether or not there is a credential for it: lets a publish be refused at
 * once, by naming the size and the limit, instead of failing for every device.
 */
export function checkPayload(content: PushContent, platform: Platform): PayloadCheck {
  const { payloadBytes, payloadBytesMax, problem } = translate(content, platform)
  return { platform, provider: PROVIDER_OF[platform], payloadBytes, payloadBytesMax, problem }
}

function translate(content: PushContent, platform: Platform): TranslatedPush {
  switch (PROVIDER_OF[platform]) {
    case "apns":
      return apnsPush(content, platform)
    case "fcm":
      return fcmPush(content)
    case "wns":
      return wnsPush(content)
  }
}
