import { keepPreviousData } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { useSearchParams } from "wouter"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { applicationPath } from "../../app/paths.ts"
import { useMay } from "../../app/session.tsx"
import { ButtonLink } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { useIsNarrow } from "../../ui/media.ts"
import { Page } from "../../ui/page.tsx"
import { now } from "../../ui/time.tsx"
import { CellDialog } from "./cell-dialog.tsx"
import { Explain, type Question } from "./explain.tsx"
import { Legend } from "./legend.tsx"
import { type Matrix, operationsOf, PERMISSIONS, type Place, subjectsOf } from "./matrix.ts"
import { MatrixGrid } from "./matrix-grid.tsx"
import { MatrixList } from "./matrix-list.tsx"
import { PlaceBar } from "./place-bar.tsx"
import { Roles } from "./roles.tsx"
import type { Spot } from "./spot.ts"
import { UserChoice } from "./user-choice.tsx"
import "./permissions.css"

/** Who may do what: the table of rules, the question why, and the roles. */
export function Permissions(): ReactNode {
  const { applicationId } = useApplication()
  const mayAdminister = useMay("administer")
  const [place, goTo] = usePlace()
  const [asked, setQuestion] = useState<Question>()
  const question = asked ?? (place.level === "channel" ? { channel: place.channel } : {})
  const matrix = api.useQuery(
    "get",
    PERMISSIONS,
    {
      params: {
        path: { applicationId },
        ...(place.level === "channel" && { query: { channel: place.channel } }),
      },
    },
    { placeholderData: keepPreviousData },
  )
  return (
    <Page
      title="Roles and permissions"
      lead="A request runs with several roles at once. The closest rule decides, and among equals a denial wins."
      actions={
        mayAdminister && (
          <ButtonLink to={applicationPath(applicationId, "/settings")}>Change the preset</ButtonLink>
        )
      }
    >
      <Loaded query={matrix} failure="The permissions could not be read">
        {(data) => (
          <div className="stack">
            <Card title="Rules">
              <div className="stack">
                <PlaceBar key={JSON.stringify(place)} place={place} matrix={data} onGo={goTo} />
                <Rules matrix={data} place={place} onWhy={setQuestion} />
              </div>
            </Card>
            <Explain key={JSON.stringify(question)} question={question} operations={data.operations} />
            <Roles roles={data.roles} />
          </div>
        )}
      </Loaded>
    </Page>
  )
}

interface RulesProps {
  readonly matrix: Matrix
  readonly place: Place
  readonly onWhy: (question: Question) => void
}

function Rules({ matrix, place, onWhy }: RulesProps): ReactNode {
  const isNarrow = useIsNarrow()
  const [spot, setSpot] = useState<Spot>()
  const [added, setAdded] = useState<readonly string[]>([])
  const subjects = subjectsOf(matrix, place, added)
  const operations = operationsOf(matrix, place)
  const View = isNarrow ? MatrixList : MatrixGrid
  const why = ({ subject, operation }: Spot) => {
    setSpot(undefined)
    onWhy({
      operation: operation.operation,
      ...(place.level === "channel" && { channel: place.channel }),
      ...(subject.kind === "user" ? { user: subject.id } : { role: subject.id }),
      asked: now(),
    })
  }
  return (
    <>
      {place.level === "channel" && place.subjects === "users" && (
        <UserChoice onChoose={(id) => setAdded([...added, id])} />
      )}
      {subjects.length > 0 && (
        <View matrix={matrix} place={place} subjects={subjects} operations={operations} onOpen={setSpot} />
      )}
      <Legend />
      {spot !== undefined && (
        <CellDialog
          matrix={matrix}
          place={place}
          spot={spot}
          onClose={() => setSpot(undefined)}
          onWhy={() => why(spot)}
        />
      )}
    </>
  )
}

/** The place that the address names: a channel's name may hold anything, so it stands in the query. */
function usePlace(): readonly [Place, (place: Place) => void] {
  const [search, setSearch] = useSearchParams()
  const channel = search.get("channel") ?? ""
  const place: Place =
    channel === ""
      ? { level: "application" }
      : { level: "channel", channel, subjects: search.get("about") === "users" ? "users" : "roles" }
  const goTo = (next: Place) =>
    setSearch(
      next.level === "application"
        ? {}
        : { channel: next.channel, ...(next.subjects === "users" && { about: "users" }) },
    )
  return [place, goTo]
}
