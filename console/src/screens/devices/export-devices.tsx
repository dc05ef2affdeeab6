import { type ReactNode, useEffect, useRef, useState } from "react"
import { useApplication } from "../../app/application.tsx"
import { useMay } from "../../app/session.tsx"
import { Button } from "../../ui/button.tsx"
import { Dialog, DialogActions } from "../../ui/dialog.tsx"
import { ErrorNote } from "../../ui/error-note.tsx"
import { CheckField } from "../../ui/field.tsx"
import { countOf, formatBytes } from "../../ui/format.ts"
import { say } from "../../ui/toast.tsx"
import type { DeviceFilter } from "./device-search.ts"
import { downloadDevices, type ExportProgress } from "./download.ts"

interface ExportDevicesProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly filter: DeviceFilter
}

export function ExportDevices({ isOpen, onClose, filter }: ExportDevicesProps): ReactNode {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Export devices">
      <ExportForm filter={filter} onClose={onClose} />
    </Dialog>
  )
}

function ExportForm({ filter, onClose }: Omit<ExportDevicesProps, "isOpen">): ReactNode {
  const mayExportTokens = useMay("administer")
  const [withTokens, setWithTokens] = useState(false)
  const { progress, error, isRunning, start, stop } = useExport(filter, withTokens, onClose)
  return (
    <>
      <p>
        {scopeOf(filter)} The file is CSV: device id, platform, version, channels, expiration, times and user,
        one line for each device.
      </p>
      {mayExportTokens && (
        <CheckField
          label="With the tokens"
          hint="Needed to import the file elsewhere. Whoever has them and your credentials can push; the audit log notes it."
          checked={withTokens}
          disabled={isRunning}
          onChange={(event) => setWithTokens(event.target.checked)}
        />
      )}
      {progress !== undefined && (
        <p role="status" className="number">
          {countOf(progress.devices, "device")}, {formatBytes(progress.bytes)} so far
        </p>
      )}
      {error !== undefined && <ErrorNote error={error} title="The export stopped" />}
      <DialogActions>
        <Button onClick={isRunning ? stop : onClose}>{isRunning ? "Stop" : "Close"}</Button>
        <Button look="primary" isBusy={isRunning} onClick={() => void start()}>
          Export
        </Button>
      </DialogActions>
    </>
  )
}

function scopeOf({ channel, os }: DeviceFilter): string {
  const platform = os === "" ? "" : ` that run ${os}`
  const members = channel === "" ? "" : ` in the channel “${channel}”`
  return `All devices${members}${platform}.`
}

function useExport(filter: DeviceFilter, withTokens: boolean, onDone: () => void) {
  const { applicationId } = useApplication()
  const [progress, setProgress] = useState<ExportProgress>()
  const [error, setError] = useState<Error>()
  const running = useRef<AbortController>(undefined)
  const [isRunning, setRunning] = useState(false)
  // Closing the dialog ends the export.
  useEffect(() => () => running.current?.abort(), [])
  const start = async () => {
    const stopper = new AbortController()
    running.current = stopper
    setRunning(true)
    setError(undefined)
    try {
      const { channel, os } = filter
      const what = { applicationId, channel, os, withTokens }
      const { devices } = await downloadDevices(what, setProgress, stopper.signal)
      say(`Exported ${countOf(devices, "device")}.`)
      onDone()
    } catch (failure) {
      if (!stopper.signal.aborted) setError(failure instanceof Error ? failure : new Error(String(failure)))
    } finally {
      setRunning(false)
    }
  }
  return { progress, error, isRunning, start, stop: () => running.current?.abort() }
}
