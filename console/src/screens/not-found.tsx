import type { ReactNode } from "react"
import { ButtonLink } from "../ui/button.tsx"
import { Note } from "../ui/note.tsx"
import { Page } from "../ui/page.tsx"

export function NotFound(): ReactNode {
  return (
    <Page title="No such screen">
      <Note tone="warn" actions={<ButtonLink to="/">Go to the overview</ButtonLink>}>
        The Console has nothing at this address.
      </Note>
    </Page>
  )
}
