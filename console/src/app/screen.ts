import type { LucideIcon } from "lucide-react"
import type { ComponentType } from "react"

/** A screen as data: where it is, what shows it, and where the navigation names it. */
export interface Screen {
  /** Below /console, in wouter's patterns; `/applications/:applicationId/…` gives it the application. */
  readonly path: string
  readonly component: ScreenCode
  readonly nav?: {
    readonly section: NavSection
    readonly label: string
    readonly icon: LucideIcon
  }
}

export type NavSection = "application" | "settings" | "server"

/** Code that is loaded when the screen is first opened, or somebody is about to. */
export function screen<Name extends string>(
  load: () => Promise<Record<Name, ComponentType>>,
  name: Name,
): ScreenCode {
  return new ScreenCode(async () => (await load())[name])
}

export class ScreenCode {
  readonly #load: () => Promise<ComponentType>
  #component: ComponentType | undefined

  constructor(load: () => Promise<ComponentType>) {
    this.#load = load
  }

  /** Undefined until it is loaded. */
  get component(): ComponentType | undefined {
    return this.#component
  }

  async load(): Promise<void> {
    this.#component ??= await this.#load()
  }

  /** What fails now is tried again, and then shown, when the screen is opened. */
  readonly preload = (): void => {
    this.load().catch(() => {})
  }
}
