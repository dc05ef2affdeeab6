import type { ReactNode } from "react"
import { useAddressText } from "../../ui/address-text.ts"
import { Page } from "../../ui/page.tsx"
import { Tabs } from "../../ui/tabs.tsx"
import { Issuers } from "./issuers.tsx"
import { UserList } from "./user-list.tsx"
import { UserSettings } from "./user-settings.tsx"

/** The people who log in to the apps of the application. */
export function AppUsers(): ReactNode {
  const [part, show] = useAddressText("part")
  return (
    <Page
      title="Users"
      lead="The people who log in to your apps, how they may, and who else vouches for them."
    >
      <Tabs
        label="Users"
        value={part}
        onChange={show}
        tabs={[
          { value: "users", label: "Users", content: <UserList /> },
          { value: "settings", label: "Registration and login", content: <UserSettings /> },
          { value: "issuers", label: "Identity providers", content: <Issuers /> },
        ]}
      />
    </Page>
  )
}
