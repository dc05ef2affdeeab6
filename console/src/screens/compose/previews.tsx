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

interface PreviewsProps {
  readonly payloads: readonly Payload[]
  /** Why there is nothing to see yet. */
  readonly absence: string
  readonly isBehind: boolean
}

/** How phones would show it. */
export function Previews({ payloads, absence, isBehind }: PreviewsProps): ReactNode {
  const { name: app } = useApplication()
  const shown = DEVICES.flatMap(({ platform, name }) => {
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
                  payload === undefined || absence !== ""
                    ? []
                    : [{ key: platform, shown: payload.shown, when: "now" }]
                }
              >
                {absence}
              </Phone>
            </figure>
          ))}
        </div>
      </Card>
    </div>
  )
}
