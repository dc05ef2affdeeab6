import type { ReactNode } from "react"
import { Badge } from "../../ui/badge.tsx"
import { Card } from "../../ui/card.tsx"
import { Snippet } from "../../ui/copy.tsx"
import { Progress } from "../../ui/progress.tsx"
import type { Preview } from "./use-preview.ts"

type Payload = Preview["payloads"][number]

const PROVIDERS: readonly { readonly provider: Payload["provider"]; readonly name: string }[] = [
  { provider: "apns", name: "APNs" },
  { provider: "fcm", name: "FCM" },
  { provider: "wns", name: "WNS" },
]

/** What each provider would get, against what it takes. */
export function Sizes({ payloads }: { readonly payloads: readonly Payload[] }): ReactNode {
  return (
    <Card title="Size">
      <div className="stack">
        {PROVIDERS.map(({ provider, name }) => {
          const largest = payloads
            .filter((payload) => payload.provider === provider)
            .toSorted((one, other) => other.bytes - one.bytes)[0]
          if (largest === undefined) return null
          return (
            <div key={provider} className="stack-tight">
              <Progress
                label={name}
                done={largest.bytes}
                total={largest.limit}
                unit="bytes"
                note={!largest.fits && <Badge tone="bad">too large</Badge>}
              />
              <details>
                <summary className="small">What {name} gets</summary>
                <Snippet text={sourceOf(largest)} what={`the payload for ${name}`} />
              </details>
            </div>
          )
        })}
      </div>
    </Card>
  )
}

function sourceOf({ headers, payload }: Payload): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [...lines, ...(lines.length > 0 ? [""] : []), pretty(payload)].join("\n")
}

function pretty(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2)
  } catch {
    return payload
  }
}
