import { createContext, type ReactNode, use, useEffect } from "react"
import { useRoute } from "wouter"
import { type Answer, api } from "../api/client.ts"
import { ButtonLink } from "../ui/button.tsx"
import { Loaded } from "../ui/loaded.tsx"
import { Note } from "../ui/note.tsx"
import { Page } from "../ui/page.tsx"
import { APPLICATIONS } from "./paths.ts"
import { recall, remember } from "./storage.ts"

export type Application = Answer<"/admin/v1/applications">["applications"][number]

const ApplicationContext = createContext<Application | undefined>(undefined)

/** The application that the address names, if it names one. */
function useApplicationId(): string | undefined {
  const [, params] = useRoute("/applications/:applicationId/*?")
  return params?.applicationId
}

/** The one that the navigation is for: where the address names none, the one that was looked at last. */
export function useCurrentApplicationId(): string | undefined {
  const named = useApplicationId()
  const { data } = useApplications()
  if (named !== undefined) return named
  const last = recall("application")
  return data?.applications.find(({ applicationId }) => applicationId === last)?.applicationId
}

export function useApplications() {
  return api.useQuery("get", "/admin/v1/applications")
}

/** Gives its screens the application of the address, or says that there is no such application. */
export function ApplicationGate({ children }: { readonly children: ReactNode }): ReactNode {
  const applicationId = useApplicationId()
  const applications = useApplications()
  useEffect(() => {
    if (applicationId !== undefined) remember("application", applicationId)
  }, [applicationId])
  return (
    <Loaded query={applications} failure="The applications could not be read">
      {(data) => {
        const application = data.applications.find((one) => one.applicationId === applicationId)
        if (application === undefined) return <UnknownApplication />
        return <ApplicationContext value={application}>{children}</ApplicationContext>
      }}
    </Loaded>
  )
}

function UnknownApplication(): ReactNode {
  return (
    <Page title="No such application">
      <Note tone="warn" actions={<ButtonLink to={APPLICATIONS}>All applications</ButtonLink>}>
        The address names an application that was deleted, or that you may not see.
      </Note>
    </Page>
  )
}

/** The application of the screen. Only below ApplicationGate. */
export function useApplication(): Application {
  const application = use(ApplicationContext)
  if (application === undefined) throw new Error("useApplication is for screens of an application")
  return application
}
