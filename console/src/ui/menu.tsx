import { Menu as BaseMenu } from "@base-ui/react/menu"
import type { ReactNode } from "react"
import type { ButtonLook } from "./button.tsx"
import "./menu.css"

export type MenuItem =
  | { readonly label: string; readonly icon?: ReactNode; readonly onSelect: () => void }
  | "line"

interface MenuProps {
  /** What the button shows. */
  readonly children: ReactNode
  /** What it is for, when the content does not say so. */
  readonly label?: string
  readonly className?: string
  readonly look?: ButtonLook
  readonly items: readonly MenuItem[]
}

/** A button with a list of what can be done or chosen. */
export function Menu({ children, label, className = "button", look = "quiet", items }: MenuProps): ReactNode {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger className={className} aria-label={label} data-look={look}>
        {children}
      </BaseMenu.Trigger>
      <BaseMenu.Portal>
        <BaseMenu.Positioner className="menu-positioner" sideOffset={4} align="start">
          <BaseMenu.Popup className="menu">
            {items.map((item, index) =>
              item === "line" ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity, and items do not move.
                <BaseMenu.Separator key={`line-${index}`} className="menu-line" />
              ) : (
                <BaseMenu.Item key={item.label} className="menu-item" onClick={item.onSelect}>
                  {item.icon}
                  {item.label}
                </BaseMenu.Item>
              ),
            )}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  )
}
