import { type ReactNode, useReducer } from "react"
import { api } from "../../api/client.ts"
import { SECRET } from "../../api/query-client.ts"
import { useApplication } from "../../app/application.tsx"
import { MessageState } from "../../app/message-state.tsx"
import { acceptedOf } from "../../app/outcome.ts"
import { totalOf } from "../../app/platforms.ts"
import { useMay } from "../../app/session.tsx"
import { Snippet } from "../../ui/copy.tsx"
import { countOf, formatCount } from "../../ui/format.ts"
import { Loaded } from "../../ui/loaded.tsx"
import { Note } from "../../ui/note.tsx"
import { useOnGone } from "../../ui/on-gone.ts"
import { Page } from "../../ui/page.tsx"
import { Tabs } from "../../ui/tabs.tsx"
import { Arrivals } from "./arrivals.tsx"
import { FirstMessage } from "./first-message.tsx"
import { FirstPhone } from "./first-phone.tsx"
import {
  curlPublish,
  curlRegistration,
  type Ids,
  javascriptRegistration,
  kotlinRegistration,
  swiftRegistration,
} from "./snippets.ts"
import { Step } from "./step.tsx"

/** The page notices by itself what was done in a terminal or an app. */
const LOOK_MS = 1500

/** The way from nothing to a notification that arrived. */
export function Start(): ReactNode {
  return (
    <Page
      title="Get started"
      lead="Register a device, send it a message, see it arrive. Each step is ticked off as soon as the server has seen it."
    >
      <WithIds>{(ids) => <Steps ids={ids} />}</WithIds>
    </Page>
  )
}

function Steps({ ids }: { readonly ids: Ids }): ReactNode {
  const { deviceCount, reachesPhones } = useReach()
  const latest = useLatestMessage()
  return (
    <ol className="steps">
      <Step number={1} title="Register a device" isDone={deviceCount > 0}>
        <p>
          A virtual phone lives in the sandbox of this server: it needs no account of Apple, Google or
          Microsoft, and no phone.
        </p>
        <FirstPhone />
        <p>An app does the same whenever it starts, with a few lines that have your ids in them already:</p>
        <RegistrationSnippets ids={ids} />
        <p role="status">
          {deviceCount === 0
            ? "Waiting for the first device…"
            : `${countOf(deviceCount, "device")} registered.`}
        </p>
      </Step>
      <Step number={2} title="Send a message" isDone={latest !== undefined}>
        <FirstMessage deviceCount={deviceCount} reachesPhones={reachesPhones} />
        <p>Or from a terminal, or your own server:</p>
        <Snippet text={curlPublish(ids)} what="the call that publishes" />
      </Step>
      <Step number={3} title="See it arrive" isDone={latest !== undefined && acceptedOf(latest.counts) > 0}>
        <Arrivals />
        {latest === undefined ? (
          <p>As soon as a message is sent, this says what became of it.</p>
        ) : (
          <p role="status">
            The latest message is <MessageState state={latest.state} />:{" "}
            {formatCount(acceptedOf(latest.counts))} of {countOf(latest.audience, "device")} took it.
          </p>
        )}
      </Step>
    </ol>
  )
}

function RegistrationSnippets({ ids }: { readonly ids: Ids }): ReactNode {
  const snippet = (text: string) => <Snippet text={text} what="the code that registers a device" />
  return (
    <>
      {Object.keys(ids.keys).length === 0 && (
        <Note tone="warn">
          Only somebody with the scope administer sees API keys here; ask for one and fill it in.
        </Note>
      )}
      <Tabs
        label="Language"
        tabs={[
          { value: "curl", label: "curl", content: snippet(curlRegistration(ids)) },
          { value: "javascript", label: "JavaScript", content: snippet(javascriptRegistration(ids)) },
          { value: "swift", label: "Swift", content: snippet(swiftRegistration(ids)) },
          { value: "kotlin", label: "Kotlin", content: snippet(kotlinRegistration(ids)) },
        ]}
      />
    </>
  )
}

/** Keys are shown to whoever may administer; everybody else gets places to put them. */
function WithIds({ children }: { readonly children: (ids: Ids) => ReactNode }): ReactNode {
  const { applicationId } = useApplication()
  const mayReveal = useMay("administer")
  // Each reading leaves an entry in the audit log: once for as long as the page is open is enough.
  const query = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/keys",
    { params: { path: { applicationId }, query: { reveal: mayReveal } } },
    {
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      meta: SECRET,
    },
  )
  // The end of the session forgot the answer: what was made of it is to be forgotten too.
  const [, drawAnew] = useReducer((times: number) => times + 1, 0)
  useOnGone(drawAnew)
  return (
    <Loaded query={query} failure="The API keys could not be read">
      {(data) => {
        const shown = data.keys.flatMap(({ kind, key }) => (key === undefined ? [] : [[kind, key] as const]))
        return children({ url: location.origin, applicationId, keys: Object.fromEntries(shown) })
      }}
    </Loaded>
  )
}

/** How many devices there are, and whether some of them are real phones, which a message makes ring. */
function useReach(): { readonly deviceCount: number; readonly reachesPhones: boolean } {
  const { applicationId } = useApplication()
  const { data } = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/overview",
    { params: { path: { applicationId } } },
    { refetchInterval: LOOK_MS },
  )
  if (data === undefined) return { deviceCount: 0, reachesPhones: false }
  const { devices, delivery } = data
  return {
    deviceCount: totalOf(devices),
    reachesPhones: delivery.some(({ platform, to }) => to === "provider" && devices[platform] > 0),
  }
}

function useLatestMessage() {
  const { applicationId } = useApplication()
  const { data } = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/messages",
    { params: { path: { applicationId }, query: { limit: 1 } } },
    { refetchInterval: LOOK_MS },
  )
  return data?.messages[0]
}
