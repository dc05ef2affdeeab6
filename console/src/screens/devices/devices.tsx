import { Download, Smartphone, Upload } from "lucide-react"
import { type ReactNode, useState } from "react"
import { useSearchParams } from "wouter"
import { useHistoryState } from "wouter/use-browser-location"
import { useApplication } from "../../app/application.tsx"
import { applicationPath } from "../../app/paths.ts"
import { useMay } from "../../app/session.tsx"
import { Button, ButtonLink } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Empty } from "../../ui/empty.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { Page } from "../../ui/page.tsx"
import { Pager, type Pages, usePages } from "../../ui/pages.tsx"
import {
  type DeviceFilter,
  type DeviceRow,
  SEARCH_KINDS,
  type SearchKind,
  useDevicePage,
} from "./device-search.ts"
import { DeviceTable } from "./device-table.tsx"
import { ExportDevices } from "./export-devices.tsx"
import { SearchForm } from "./search-form.tsx"

export function Devices(): ReactNode {
  const { applicationId } = useApplication()
  const { filter, search } = useFilter()
  const [isExporting, setExporting] = useState(false)
  const mayImport = useMay("operate")
  const pages = usePages(JSON.stringify(filter))
  const query = useDevicePage(applicationId, filter, pages.cursor)
  return (
    <Page
      title="Devices"
      lead="Every registered device, in the order of the first registration. Tokens are never shown."
      actions={
        <>
          {mayImport && (
            <ButtonLink to={applicationPath(applicationId, "/devices/import")}>
              <Upload size={16} aria-hidden />
              Import
            </ButtonLink>
          )}
          <Button onClick={() => setExporting(true)}>
            <Download size={16} aria-hidden />
            Export
          </Button>
        </>
      }
    >
      <SearchForm filter={filter} onSearch={search} />
      <Card isFlush>
        <Loaded query={query} failure="The devices could not be read">
          {({ devices, next }) => <Results devices={devices} next={next} pages={pages} filter={filter} />}
        </Loaded>
      </Card>
      <ExportDevices isOpen={isExporting} onClose={() => setExporting(false)} filter={filter} />
    </Page>
  )
}

interface ResultsProps {
  readonly devices: readonly DeviceRow[]
  readonly next: string | null
  readonly pages: Pages
  readonly filter: DeviceFilter
}

function Results({ devices, next, pages, filter }: ResultsProps): ReactNode {
  const isFiltered = filter.text !== "" || filter.channel !== "" || filter.os !== ""
  return (
    <>
      {devices.length > 0 && <DeviceTable devices={devices} />}
      {devices.length === 0 &&
        next === null &&
        (isFiltered || pages.number > 1 ? <NoMatch /> : <NoDevices />)}
      {devices.length === 0 && next !== null && (
        <Empty icon={Smartphone} title="No match so far">
          Not all devices have been looked at yet: Next goes on searching.
        </Empty>
      )}
      {(pages.number > 1 || next !== null) && (
        <div className="below-table">
          <Pager pages={pages} next={next} />
        </div>
      )}
    </>
  )
}

function NoMatch(): ReactNode {
  return (
    <Empty icon={Smartphone} title="No device matches">
      All devices were looked at. Device ids are compared letter by letter, a user by the whole e-mail address
      or id; a channel must exist.
    </Empty>
  )
}

function NoDevices(): ReactNode {
  const { applicationId } = useApplication()
  const mayImport = useMay("operate")
  return (
    <Empty
      icon={Smartphone}
      title="No device is registered"
      actions={
        <>
          <ButtonLink to={applicationPath(applicationId, "/start")} look="primary">
            Register a first device
          </ButtonLink>
          {mayImport && (
            <ButtonLink to={applicationPath(applicationId, "/devices/import")}>Import a list</ButtonLink>
          )}
        </>
      }
    >
      An app registers its device whenever it starts. Devices that another server knows are imported from a
      CSV file.
    </Empty>
  )
}

interface HistoryState {
  readonly isOfToken?: boolean
}

/**
 * The filter stands in the address, so that it survives going back; but for a token, which only this page knows. That the
 * list is of a token is kept with the step of the browser's history: its address may be that of all devices.
 */
function useFilter(): { readonly filter: DeviceFilter; readonly search: (filter: DeviceFilter) => void } {
  const [params, setParams] = useSearchParams()
  const [token, setToken] = useState("")
  const isOfToken = useHistoryState<HistoryState>()?.isOfToken === true
  const kind = SEARCH_KINDS.find((one) => one !== "token" && params.get(one) !== null) ?? "deviceIdPrefix"
  const filter: DeviceFilter =
    isOfToken && token !== ""
      ? { kind: "token", text: token, channel: "", os: "" }
      : {
          kind,
          text: params.get(kind) ?? "",
          channel: params.get("channel") ?? "",
          os: params.get("os") ?? "",
        }
  const search = (chosen: DeviceFilter) => {
    const isByToken = chosen.kind === "token"
    setParams(addressOf(chosen), { state: { isOfToken: isByToken }, replace: isByToken && isOfToken })
    if (isByToken) setToken(chosen.text)
  }
  return { filter, search }
}

function addressOf({ kind, text, channel, os }: DeviceFilter): URLSearchParams {
  const entries: (readonly [SearchKind | "channel" | "os", string])[] = [
    ["channel", channel],
    ["os", os],
  ]
  if (kind !== "token") entries.unshift([kind, text])
  else entries.length = 0
  return new URLSearchParams(entries.filter(([, value]) => value !== "").map((entry) => [...entry]))
}
