import type { ReactNode } from "react"
import { ButtonLink } from "../ui/button.tsx"
import { Note } from "../ui/note.tsx"
import { Page } from "../ui/page.tsx"
import { ACCOUNT } from "./paths.ts"
import { barrierOf, type Screen } from "./screen.ts"
import { useCaller } from "./session.tsx"

interface BarrierProps {
  readonly screen: Screen
  readonly children: ReactNode
}

/** Shows a screen to whom the server would answer, and everybody else why not: an address may have been handed on. */
export function Barrier({ screen, children }: BarrierProps): ReactNode {
  const caller = useCaller()
  const barrier = barrierOf(screen, caller)
  if (barrier === undefined) return children
  return (
    <Page title={screen.nav?.label ?? "Not for you"}>
      <Note
        tone="warn"
        title="Not with your rights"
        actions={<ButtonLink to={ACCOUNT}>What you may do</ButtonLink>}
      >
        {barrier === "server"
          ? "This screen is about the server as a whole, and your rights are for certain applications. Ask an administrator of the whole server."
          : `This screen needs the scope ${barrier}, and yours is ${caller.scope}. Who has the scope administer can change that under Administrators.`}
      </Note>
    </Page>
  )
}
