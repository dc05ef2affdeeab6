import { Dialog } from "@base-ui/react/dialog"
import { Menu as MenuIcon } from "lucide-react"
import { type MouseEvent, type ReactNode, useEffect, useState } from "react"
import { useLocation } from "wouter"
import { IconButton } from "../ui/button.tsx"
import "../ui/dialog.css"
import { keepFocus } from "../ui/keep-focus.ts"
import type { Screen } from "./screen.ts"
import { Sidebar } from "./sidebar.tsx"
import "./shell.css"

interface ShellProps {
  readonly screens: readonly Screen[]
  readonly children: ReactNode
}

/** What is around every screen: navigation beside it, or behind a button where there is no room. */
export function Shell({ screens, children }: ShellProps): ReactNode {
  useEffect(keepFocus, [])
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <div className="sidebar">
        <Sidebar screens={screens} />
      </div>
      <TopBar screens={screens} />
      <main id="main" className="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

function TopBar({ screens }: Pick<ShellProps, "screens">): ReactNode {
  const [isOpen, setOpen] = useState(false)
  const [location] = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere closes the drawer.
  useEffect(() => setOpen(false), [location])
  // So does the link to where one is.
  const closeAfterLink = ({ target }: MouseEvent) =>
    target instanceof Element && target.closest("a") !== null && setOpen(false)
  return (
    <header className="topbar">
      <IconButton label="Open the navigation" onClick={() => setOpen(true)}>
        <MenuIcon size={20} aria-hidden />
      </IconButton>
      <span className="brand">Belfry</span>
      <Dialog.Root open={isOpen} onOpenChange={setOpen}>
        <Dialog.Portal>
          <Dialog.Backdrop className="dialog-backdrop" />
          <Dialog.Popup className="drawer" aria-label="Navigation" onClick={closeAfterLink}>
            <Sidebar screens={screens} />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </header>
  )
}
