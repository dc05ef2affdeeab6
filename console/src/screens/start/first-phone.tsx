import type { ReactNode } from "react"
import { useAddPhone } from "../../app/add-phone.ts"
import { PHONE_KINDS } from "../../app/phone-kinds.ts"
import { useMay } from "../../app/session.tsx"
import { Button } from "../../ui/button.tsx"
import { ErrorNote } from "../../ui/error-note.tsx"

/** Registers a virtual phone with one click. */
export function FirstPhone(): ReactNode {
  const { mutate, params, isPending, error } = useAddPhone()
  const mayAdd = useMay("operate")
  if (!mayAdd) return <p className="soft">Adding one here needs the scope operate.</p>
  return (
    <>
      <div className="row">
        {PHONE_KINDS.map(({ os, label }) => (
          <Button key={os} look="primary" isBusy={isPending} onClick={() => mutate({ params, body: { os } })}>
            Add a virtual {label}
          </Button>
        ))}
      </div>
      {error !== null && <ErrorNote error={error} />}
    </>
  )
}
