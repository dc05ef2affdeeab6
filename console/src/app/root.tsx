import { CSPProvider } from "@base-ui/react/csp-provider"
import { QueryClientProvider } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { Route, Router, Switch, useLocation } from "wouter"
import { useSearch } from "wouter/use-browser-location"
import { createQueryClient } from "../api/query-client.ts"
import { Toasts } from "../ui/toast.tsx"
import { ApplicationGate } from "./application.tsx"
import { Barrier } from "./barrier.tsx"
import { CrashBoundary } from "./crash-boundary.tsx"
import type { Screen } from "./screen.ts"
import { ScreenView } from "./screen-view.tsx"
import { SESSION_QUERY, SessionGate } from "./session.tsx"
import { Shell } from "./shell.tsx"

interface RootProps {
  readonly screens: readonly Screen[]
  readonly signIn: ReactNode
  readonly home: ReactNode
  readonly notFound: ReactNode
}

export function Root({ screens, signIn, home, notFound }: RootProps): ReactNode {
  const [queries] = useState(() => createQueryClient(SESSION_QUERY.queryKey))
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queries}>
        <Toasts>
          <Router base="/console" searchHook={useExactSearch}>
            <SessionGate signIn={signIn}>
              <Shell screens={screens}>
                <Screens screens={screens} home={home} notFound={notFound} />
              </Shell>
            </SessionGate>
          </Router>
        </Toasts>
      </QueryClientProvider>
    </CSPProvider>
  )
}

/** The router decodes the query once more than it is encoded: a device id with a percent sign would become another one. */
function useExactSearch(): string {
  return useSearch().replaceAll("%25", "%2525")
}

function Screens({ screens, home, notFound }: Omit<RootProps, "signIn">): ReactNode {
  const [location] = useLocation()
  return (
    <CrashBoundary at={location}>
      <Switch>
        <Route path="/">{home}</Route>
        {screens.map((screen) => (
          <Route key={screen.path} path={screen.path}>
            <Barrier screen={screen}>
              {screen.path.startsWith("/applications/:applicationId") ? (
                <ApplicationGate>
                  <ScreenView code={screen.component} />
                </ApplicationGate>
              ) : (
                <ScreenView code={screen.component} />
              )}
            </Barrier>
          </Route>
        ))}
        <Route>{notFound}</Route>
      </Switch>
    </CrashBoundary>
  )
}
