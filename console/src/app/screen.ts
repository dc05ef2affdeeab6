import type { LucideIcon } from "lucide-react"
import { type ComponentType, type LazyExoticComponent, lazy } from "react"

/** A screen as data: where it is, what shows it, and where the navigation names it. */
export interface Screen {
  /** Below /console, in wouter's patterns; `/applications/:applicationId/…` gives it the application. */
  readonly path: string
  readonly component: LazyExoticComponent<ComponentType>
  readonly nav?: {
    readonly section: NavSection
    readonly label: string
    readonly icon: LucideIcon
  }
}

export type NavSection = "application" | "settings" | "server"

/** Code that is loaded when the screen is first opened. */
export function screen<Name extends string>(
  load: () => Promise<Record<Name, ComponentType>>,
  name: Name,
): LazyExoticComponent<ComponentType> {
  return lazy(async () => ({ default: (await load())[name] }))
}
