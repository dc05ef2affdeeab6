import { useEffect, useState } from "react"
import { useSearchParams } from "wouter"
import { noteUnsaved } from "../../app/unsaved.ts"
import { type Draft, EMPTY_DRAFT } from "./draft.ts"

/** Going to another screen and back loses nothing; reloading the page does, wherever one is then: the browser asks first. */
const kept = new Map<string, Draft>()

/** The draft of an application. The address may name the channel and a device that it is for. */
export function useDraft(applicationId: string) {
  const [address, setAddress] = useSearchParams()
  const addressed = withAddress(EMPTY_DRAFT, address)
  const [draft, setDraft] = useState(() => withAddress(kept.get(applicationId) ?? EMPTY_DRAFT, address))
  const isTouched = JSON.stringify(draft) !== JSON.stringify(addressed)
  useEffect(() => {
    kept.set(applicationId, draft)
    noteUnsaved(applicationId, isTouched)
  }, [applicationId, draft, isTouched])
  return {
    draft,
    change: (part: Partial<Draft>) => {
      setDraft((present) => ({ ...present, ...part }))
      // Who comes back to an address that names another audience would send to that one without noticing.
      const isAudience = part.channel !== undefined || part.deviceIds !== undefined
      if (isAudience && address.size > 0) setAddress({}, { replace: true })
    },
    discard: () => setDraft(addressed),
    /** It was sent: nothing of it is kept. */
    forget: () => {
      setDraft(addressed)
      kept.delete(applicationId)
      noteUnsaved(applicationId, false)
    },
    isTouched,
  }
}

function withAddress(draft: Draft, address: URLSearchParams): Draft {
  const channel = address.get("channel")
  const deviceId = address.get("deviceId")
  return {
    ...draft,
    ...(channel !== null && { channel, deviceIds: "" }),
    ...(deviceId !== null && { deviceIds: deviceId }),
  }
}
