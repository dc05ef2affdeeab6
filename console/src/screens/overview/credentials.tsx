import type { ReactNode } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { Note } from "../../ui/note.tsx"
import { Time } from "../../ui/time.tsx"

const REFRESH_MS = 30_000

const PROVIDERS: readonly { readonly provider: string; readonly name: string; readonly reaches: string }[] = [
  { provider: "apns", name: "APNs", reaches: "iPhones and Macs" },
  { provider: "fcm", name: "FCM", reaches: "Android phones" },
  { provider: "wns", name: "WNS", reaches: "Windows devices" },
]

/** What needs attention: credentials that a provider refused, and platforms that reach no real phone yet. */
export function Credentials(): ReactNode {
  const { applicationId } = useApplication()
  const { data } = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/credentials",
    { params: { path: { applicationId } } },
    { refetchInterval: REFRESH_MS },
  )
  if (data === undefined) return null
  const missing = PROVIDERS.filter(
    ({ provider }) => !data.credentials.some((one) => one.provider === provider),
  )
  return (
    <>
      {data.credentials
        .filter(({ pausedAt }) => pausedAt !== null)
        .map(({ provider, pausedAt, pausedReason }) => (
          <Note key={provider} tone="bad" title={`The ${provider.toUpperCase()} credential is paused`}>
            <span className="breakable">{pausedReason}</span> {pausedAt !== null && <Time at={pausedAt} />}.
            Nothing is sent with it until it is replaced or resumed.
          </Note>
        ))}
      {missing.length > 0 && (
        <Note
          title={
            missing.length === PROVIDERS.length
              ? "This application is in the sandbox"
              : "Partly in the sandbox"
          }
        >
          There is no credential for {missing.map(({ name, reaches }) => `${name} (${reaches})`).join(", ")}:
          messages to them go to the bundled simulators, if this server runs them, and reach no real phone.
        </Note>
      )}
    </>
  )
}
