import type { ReactNode } from "react"
import { Link } from "wouter"
import { useApplication } from "../../app/application.tsx"
import { channelPath, messagePath } from "../../app/paths.ts"
import { platformName } from "../../app/platforms.ts"
import { Card } from "../../ui/card.tsx"
import { Copyable, Snippet } from "../../ui/copy.tsx"
import { Facts } from "../../ui/facts.tsx"
import { countOf } from "../../ui/format.ts"
import { Time } from "../../ui/time.tsx"
import { outcomeName } from "./outcome-words.ts"
import type { Report } from "./report.ts"

/** What was sent, to whom, and with which promises. */
export function ContentFacts({ report }: { readonly report: Report }): ReactNode {
  const { applicationId } = useApplication()
  const { messageId, message, headers, channel, platforms, delivery, policy, unknownDeviceIds } = report
  return (
    <Card title="What was sent">
      <div className="stack">
        <Snippet
          text={typeof message === "string" ? message : JSON.stringify(message, null, 2)}
          what="the message"
          isProse
        />
        <Facts
          facts={[
            ["Message id", <Copyable key="id" text={messageId} what="the message id" />],
            [
              "Channel",
              <Link key="channel" href={channelPath(applicationId, channel)} className="breakable">
                {channel}
              </Link>,
            ],
            ["Platforms", platforms === null ? "every one" : platforms.map(platformName).join(", ")],
            ["Published", <Time key="at" at={report.acceptedAt} />],
            ["Worth showing until", <Time key="until" at={report.expiresAt} />],
            [
              "Promise",
              delivery === "at-most-once" ? "at most once" : "at least once, and never more than twice",
            ],
            ...(report.again === null
              ? []
              : [
                  [
                    "Sent again to",
                    <span key="again" className="breakable">
                      those of{" "}
                      <Link href={messagePath(applicationId, report.again.messageId)}>
                        {report.again.messageId}
                      </Link>{" "}
                      with: {namesOf(report.again)}
                    </span>,
                  ] as const,
                ]),
            ...(policy === "BOTH" ? [] : [["Policy", policy] as const]),
          ]}
        />
        {Object.keys(headers).length > 0 && (
          <>
            <h3>Push headers and values</h3>
            <Facts facts={Object.entries(headers)} />
          </>
        )}
        {unknownDeviceIds.length > 0 && <UnknownDevices ids={unknownDeviceIds} />}
      </div>
    </Card>
  )
}

function namesOf({ outcomes }: NonNullable<Report["again"]>): string {
  return outcomes.map(outcomeName).join(", ")
}

function UnknownDevices({ ids }: { readonly ids: readonly string[] }): ReactNode {
  return (
    <details>
      <summary>
        {countOf(ids.length, "device id")} named by the publish and not registered with the channel
      </summary>
      <ul className="unknown-devices">
        {ids.map((id) => (
          <li key={id} className="breakable">
            {id}
          </li>
        ))}
      </ul>
    </details>
  )
}
