import { Tabs as BaseTabs } from "@base-ui/react/tabs"
import type { ReactNode } from "react"
import "./tabs.css"

export interface Tab {
  readonly value: string
  readonly label: string
  readonly content: ReactNode
}

interface TabsProps {
  readonly label: string
  readonly tabs: readonly Tab[]
  /** Which one is shown, where somebody else keeps it; the first one otherwise, and where there is none of that name. */
  readonly value?: string
  readonly onChange?: (value: string) => void
}

/** Alternatives of which one is shown. */
export function Tabs({ label, tabs, value, onChange }: TabsProps): ReactNode {
  const [first] = tabs
  const shown = tabs.find((tab) => tab.value === value) ?? first
  return (
    <BaseTabs.Root
      {...(value === undefined ? { defaultValue: first?.value } : { value: shown?.value })}
      onValueChange={(next: string) => onChange?.(next)}
    >
      <BaseTabs.List className="tab-list" aria-label={label}>
        {tabs.map((tab) => (
          <BaseTabs.Tab key={tab.value} value={tab.value} className="tab">
            {tab.label}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      {tabs.map((tab) => (
        <BaseTabs.Panel key={tab.value} value={tab.value} className="tab-panel">
          {tab.content}
        </BaseTabs.Panel>
      ))}
    </BaseTabs.Root>
  )
}
