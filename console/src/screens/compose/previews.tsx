import type { ReactNode } from "react"
import { useApplication } from "../../app/application.tsx"
import { lookOf } from "../../app/phone-look.ts"
import { Card } from "../../ui/card.tsx"
import { Phone } from "../../ui/phone.tsx"
import type { Platform } from "./draft.ts"
import type { Preview } from "./use-preview.ts"

type Payload = Preview["payloads"][number]

const DEVICES: readonly { readonly platform: Platform; readonly name: string }[] = [
  { platform: "ios", name: "iPhone" },
  { platform: "android", name: "Android" },
  { platform: "wp", name: "Windows" },
]
/** Shows it as an iPhone does, so it is drawn only when there is no iPhone. */
const MAC = { platform: "osx", name: "Mac" } as const

interface PreviewsProps {
  readonly payloads: readonly Payload[]
  /** Why there is nothing to see yet. */
  readonly absence: string
  readonly isBehind: boolean
}

/** How phones would show it. */
export function Previews({ payloads, absence, isBehind }: PreviewsProps): ReactNode {
  const { name: app } = useApplication()
  const isForMacsOnly = payloads.some(({ platform }) => platform === MAC.platform) && !hasPhone(payloads)
  const shown = (isForMacsOnly ? [...DEVICES, MAC] : DEVICES).flatMap(({ platform, name }) => {
    const payload = payloads.find((one) => one.platform === platform)
    return payload === undefined && payloads.length > 0 ? [] : [{ platform, name, payload }]
  })
  return (
    <div className={isBehind ? "behind" : undefined}>
      <Card title="Preview">
        <div className="compose-phones">
          {shown.map(({ platform, name, payload }) => (
            <figure key={platform} className="stack-tight">
              <figcaption className="soft small">{name}</figcaption>
              <Phone
                look={lookOf(platform)}
                label={`Preview on ${name}`}
                app={app}
                cards={
                  payload?.fits !== true || absence !== ""
                    ? []
                    : [{ key: platform, shown: payload.shown, when: "now" }]
                }
              >
                {absence === "" ? "Too large: it cannot be sent. See Size." : absence}
              </Phone>
            </figure>
          ))}
        </div>
      </Card>
    </div>
  )
}

function hasPhone(payloads: readonly Payload[]): boolean {
  return payloads.some(({ platform }) => platform === "ios")
}
