import { type ReactNode, useId, useState } from "react"
import { useApplication } from "../../../app/application.tsx"
import { applicationPath } from "../../../app/paths.ts"
import { Button, ButtonLink } from "../../../ui/button.tsx"
import { Card } from "../../../ui/card.tsx"
import { Snippet } from "../../../ui/copy.tsx"
import { ErrorNote } from "../../../ui/error-note.tsx"
import { Figure } from "../../../ui/facts.tsx"
import { countOf, formatBytes, formatCount, verbOf } from "../../../ui/format.ts"
import { Note } from "../../../ui/note.tsx"
import { Page } from "../../../ui/page.tsx"
import { Progress } from "../../../ui/progress.tsx"
import { type Column, Table } from "../../../ui/table.tsx"
import { type ImportState, type Refusal, useImport } from "./use-import.ts"
import "../../../ui/field.css"
import "../devices.css"

const EXAMPLE = `deviceId,os,osVersion,channels,expiration,deviceToken
phone-1,ANDROID,16,default;news,,fcm-token-of-the-phone
phone-2,IOS,19.1,default,1893456000000,apns-token-of-the-phone`

export function ImportDevices(): ReactNode {
  const { applicationId } = useApplication()
  const { state, start, stop, reset } = useImport(applicationId)
  return (
    <Page
      title="Import devices"
      lead="Registers the devices of a CSV file, as their apps would. A device that is there already is renewed with what the file says."
      actions={<ButtonLink to={applicationPath(applicationId, "/devices")}>All devices</ButtonLink>}
    >
      {state.stage === "ready" ? (
        <ChooseFile onStart={(file) => void start(file)} />
      ) : (
        <Course state={state} onStop={stop} onAgain={reset} />
      )}
    </Page>
  )
}

function ChooseFile({ onStart }: { readonly onStart: (file: File) => void }): ReactNode {
  const id = useId()
  const [file, setFile] = useState<File>()
  return (
    <Card title="The file">
      <div className="stack">
        <p>
          The first line names the columns; the others of an export are left out. Channels are joined with a
          semicolon, an expiration is a time in milliseconds or a date, and none means never.
        </p>
        <Snippet text={EXAMPLE} what="the example" />
        <div className="field">
          <label className="field-label" htmlFor={id}>
            CSV file
          </label>
          <input
            id={id}
            className="input"
            type="file"
            accept=".csv,text/csv"
            onChange={(event) => setFile(event.target.files?.[0])}
          />
        </div>
        <div className="row">
          <Button
            look="primary"
            disabled={file === undefined}
            onClick={() => file !== undefined && onStart(file)}
          >
            Import
          </Button>
        </div>
      </div>
    </Card>
  )
}

interface CourseProps {
  readonly state: ImportState
  readonly onStop: () => void
  readonly onAgain: () => void
}

function Course({ state, onStop, onAgain }: CourseProps): ReactNode {
  const { stage, bytesRead, bytes, created, renewed, refused, error } = state
  const isRunning = stage === "running"
  return (
    <>
      {error !== undefined && <ErrorNote error={error} title="The import stopped" />}
      {!isRunning && <Outcome state={state} />}
      <Card title={isRunning ? "Importing" : "Result"}>
        <div className="stack">
          <Progress
            label={`${formatBytes(bytesRead)} of ${formatBytes(bytes)} read`}
            done={created + renewed + refused}
            total={isRunning ? estimate(state) : created + renewed + refused}
          />
          <div className="grid">
            <Figure label="New devices" value={formatCount(created)} />
            <Figure label="Renewed" value={formatCount(renewed)} />
            <Figure label="Refused" value={formatCount(refused)} />
          </div>
          {isRunning && <p className="soft">It stops when you go to another screen.</p>}
          <div className="row">
            {isRunning ? (
              <Button onClick={onStop}>Stop</Button>
            ) : (
              <Button onClick={onAgain}>Import another file</Button>
            )}
          </div>
        </div>
      </Card>
      {refused > 0 && <Refusals state={state} />}
    </>
  )
}

/** How many rows the whole file has, if the rest is like what was read. */
function estimate({ bytesRead, bytes, created, renewed, refused }: ImportState): number {
  const rows = created + renewed + refused
  return bytesRead === 0 ? Math.max(rows * 2, 1) : Math.max(rows, Math.round((rows * bytes) / bytesRead))
}

function Outcome({
  state: { stage, created, renewed, refused },
}: {
  readonly state: ImportState
}): ReactNode {
  const count = created + renewed
  const stored = `${countOf(count, "device")} ${stage === "done" ? "of the file " : ""}${verbOf(count, "is", "are")} registered`
  if (stage === "done") {
    return (
      <Note tone={refused === 0 ? "good" : "warn"} role="status">
        {stored}
        {refused > 0 && `; ${countOf(refused, "row")} could not be`}.
      </Note>
    )
  }
  return (
    <Note tone="warn" role="status">
      {stored} already and {verbOf(count, "stays", "stay")} so. Importing the same file again does no harm:
      what is there is renewed.
    </Note>
  )
}

const COLUMNS: readonly Column<Refusal>[] = [
  { head: "Line", cell: ({ line }) => formatCount(line) },
  { head: "Device id", cell: ({ deviceId }) => <span className="breakable">{deviceId}</span> },
  { head: "Why", cell: ({ message }) => <span className="breakable">{message}</span> },
]

function Refusals({ state: { refusals, refused } }: { readonly state: ImportState }): ReactNode {
  return (
    <Card title="Refused rows" isFlush>
      <Table label="Refused rows" columns={COLUMNS} rows={refusals} rowKey={({ line }) => line} />
      {refused > refusals.length && (
        <p className="below-table soft">The first {formatCount(refusals.length)} are shown.</p>
      )}
    </Card>
  )
}
