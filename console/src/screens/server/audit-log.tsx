import { keepPreviousData } from "@tanstack/react-query"
import { ScrollText } from "lucide-react"
import type { ReactNode } from "react"
import { type Answer, api } from "../../api/client.ts"
import { useApplication, useApplications } from "../../app/application.tsx"
import { Card } from "../../ui/card.tsx"
import { Empty } from "../../ui/empty.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { Page } from "../../ui/page.tsx"
import { Pager, usePages } from "../../ui/pages.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"
import { AuditFilters, useFilters } from "./audit-filters.tsx"
import { AuditVerification } from "./audit-verification.tsx"
import { sentenceOf } from "./audit-words.ts"

type Entry = Answer<"/admin/v1/audit">["entries"][number]

const PAGE = 50

/** Who changed what on the whole server, and when. */
export function AuditLog(): ReactNode {
  return (
    <Page
      title="Audit log"
      lead="Every change of security, credentials and keys, every publish and cancellation. Entries are only ever added."
    >
      <AuditVerification />
      <Entries />
    </Page>
  )
}

/** The same of one application, which those may see who are restricted to it. */
export function ApplicationAuditLog(): ReactNode {
  const { applicationId } = useApplication()
  return (
    <Page
      title="Audit log"
      lead="Who changed something of this application, published or cancelled, and when."
    >
      <Entries applicationId={applicationId} />
    </Page>
  )
}

function Entries({ applicationId }: { readonly applicationId?: string }): ReactNode {
  const [filters, setFilters] = useFilters()
  const pages = usePages(JSON.stringify(filters))
  const { actor, action } = filters
  const application = applicationId ?? filters.application
  const query = {
    limit: PAGE,
    ...(pages.cursor !== undefined && { cursor: pages.cursor }),
    ...(actor !== "" && { actor }),
    ...(action !== "" && { action }),
    ...(application !== "" && { application }),
  }
  const entries = api.useQuery(
    "get",
    "/admin/v1/audit",
    { params: { query } },
    { placeholderData: keepPreviousData },
  )
  return (
    <Card title="Entries" isFlush>
      <AuditFilters value={filters} isOfApplication={applicationId !== undefined} onChange={setFilters} />
      <Loaded query={entries} failure="The audit log could not be read">
        {(data) => (
          <>
            {data.entries.length === 0 ? (
              <Nothing
                isSearching={data.next !== null}
                isFiltered={actor + action + filters.application !== ""}
              />
            ) : (
              <EntryTable entries={data.entries} />
            )}
            <div className="card-text">
              <Pager pages={pages} next={data.next} />
            </div>
          </>
        )}
      </Loaded>
    </Card>
  )
}

function EntryTable({ entries }: { readonly entries: readonly Entry[] }): ReactNode {
  const known = useApplications().data?.applications ?? []
  const nameOf = (id: string) => known.find(({ applicationId }) => applicationId === id)?.name ?? id
  const columns: readonly Column<Entry>[] = [
    { head: "When", cell: ({ at }) => <Time at={at} /> },
    { head: "Who", cell: ({ actor }) => <span className="breakable">{actor}</span> },
    {
      head: "What",
      cell: ({ action, target, details }) => (
        <span className="stack-tight">
          <span>
            {sentenceOf(action)}
            {details["interrupted"] === true && " (cut short: perhaps only in part)"}
          </span>
          <span className="small soft">
            <code>{action}</code> <span className="breakable">{target}</span>
          </span>
        </span>
      ),
    },
    {
      head: "Application",
      cell: ({ application }) => (
        <span className="breakable">{application === null ? "" : nameOf(application)}</span>
      ),
    },
    {
      head: "Entry",
      align: "end",
      cell: ({ number, hash }) => <span title={`SHA-256 ${hash}`}>{number}</span>,
    },
  ]
  return <Table label="Audit log" columns={columns} rows={entries} rowKey={({ number }) => number} />
}

interface NothingProps {
  /** A page looks at some thousand entries; further ones may match. */
  readonly isSearching: boolean
  readonly isFiltered: boolean
}

function Nothing({ isSearching, isFiltered }: NothingProps): ReactNode {
  if (isSearching) {
    return (
      <Empty icon={ScrollText} title="Nothing on this page">
        The latest thousands of entries do not match. Go to the next page to look further back.
      </Empty>
    )
  }
  return (
    <Empty icon={ScrollText} title={isFiltered ? "Nothing matches" : "Nothing yet"}>
      {isFiltered
        ? "No entry is like this. Loosen a filter."
        : "As soon as somebody changes or sends something, it is here."}
    </Empty>
  )
}
