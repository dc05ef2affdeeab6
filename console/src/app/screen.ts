import type { LucideIcon } from "lucide-react"
import type { ComponentType } from "react"
import { type Caller, includes, type Scope } from "./session.tsx"

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
  /** Whom the management API answers what it shows; everybody who is signed in, when it is left out. */
  readonly access?: Access
}

interface Access {
  readonly scope: Scope
  /** Not for those who are restricted to certain applications. */
  readonly isOfServer?: boolean
}

/** Why a screen is not for the caller; undefined when it is. */
export function barrierOf({ access }: Pick<Screen, "access">, caller: Caller): "server" | Scope | undefined {
  if (access === undefined) return undefined
  if (access.isOfServer === true && caller.applications !== null) return "server"
  return includes(caller.scope, access.scope) ? undefined : access.scope
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
