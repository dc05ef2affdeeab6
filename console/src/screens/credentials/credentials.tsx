import type { ReactNode } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { Page } from "../../ui/page.tsx"
import { CREDENTIALS, PROVIDERS } from "./provider.ts"
import { ProviderCard } from "./provider-card.tsx"

const REFRESH_MS = 10_000

/** What the server signs in with at Apple, Google and Microsoft. */
export function Credentials(): ReactNode {
  const { applicationId } = useApplication()
  const params = { path: { applicationId } }
  const credentials = api.useQuery("get", CREDENTIALS, { params }, { refetchInterval: REFRESH_MS })
  const overview = api.useQuery("get", "/admin/v1/applications/{applicationId}/overview", { params })
  return (
    <Page
      title="Provider credentials"
      lead="With a credential, messages to a platform go to real phones. Each is checked before it is kept, and sealed."
    >
      <Loaded query={credentials} failure="The credentials could not be read">
        {(data) => (
          <div className="stack">
            {PROVIDERS.map((facts) => (
              <ProviderCard
                key={facts.provider}
                facts={facts}
                credential={data.credentials.find(({ provider }) => provider === facts.provider)}
                delivery={overview.data?.delivery.find(({ provider }) => provider === facts.provider)}
              />
            ))}
          </div>
        )}
      </Loaded>
    </Page>
  )
}
