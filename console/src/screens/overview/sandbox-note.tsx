import type { ReactNode } from "react"
import type { Schema } from "../../api/client.ts"
import { PLATFORMS } from "../../app/platforms.ts"
import { Note } from "../../ui/note.tsx"

type Delivery = Schema<"Delivery">

/** Which platforms reach no real phone, and why. */
export function SandboxNote({ delivery }: { readonly delivery: readonly Delivery[] }): ReactNode {
  const sandboxed = namesOf(delivery, "sandbox")
  const unreachable = namesOf(delivery, "none")
  return (
    <>
      {delivery.some(({ to }) => to === "held") && (
        <Note tone="bad" title="Nothing is delivered">
          The server runs without its master key or with a wrong one. Messages wait until it was started with
          the right one.
        </Note>
      )}
      {sandboxed !== "" && (
        <Note title="In the sandbox">
          Messages for {sandboxed} go to simulators on this server and reach no real phone, until a credential
          of the provider is set.
        </Note>
      )}
      {unreachable !== "" && (
        <Note tone="warn" title="No way to the phones">
          There is no credential for {unreachable}, and the sandbox of this server is off: nothing can be sent
          to them.
        </Note>
      )}
    </>
  )
}

/** "iOS, macOS and Android": one after the other, or nothing. */
function namesOf(delivery: readonly Delivery[], to: Delivery["to"]): string {
  const names = PLATFORMS.filter(({ key }) => delivery.some((one) => one.platform === key && one.to === to))
  return new Intl.ListFormat("en", { type: "conjunction" }).format(names.map(({ name }) => name))
}
