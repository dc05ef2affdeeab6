import type { ReactNode } from "react"
import { Redirect } from "wouter"
import { useApplications } from "../app/application.tsx"
import { APPLICATIONS, applicationPath } from "../app/paths.ts"
import { recall } from "../app/storage.ts"
import { Loaded } from "../ui/loaded.tsx"

/** Goes to a screen of the application that was looked at last, or of the first one. */
export function Home({ screen = "" }: { readonly screen?: string }): ReactNode {
  return (
    <Loaded query={useApplications()} failure="The applications could not be read">
      {({ applications }) => {
        const last = recall("application")
        const application = applications.find((one) => one.applicationId === last) ?? applications[0]
        const to = application ? applicationPath(application.applicationId, screen) : APPLICATIONS
        return <Redirect to={to} replace />
      }}
    </Loaded>
  )
}
