import { useSyncExternalStore } from "react"
import { recall, remember } from "./storage.ts"

/** "system" follows the setting of the computer. */
export type Theme = "system" | "light" | "dark"

const listeners = new Set<() => void>()

export function currentTheme(): Theme {
  const stored = recall("theme")
  return stored === "light" || stored === "dark" ? stored : "system"
}

export function applyTheme(theme: Theme = currentTheme()): void {
  if (theme === "system") delete document.documentElement.dataset["theme"]
  else document.documentElement.dataset["theme"] = theme
}

export function chooseTheme(theme: Theme): void {
  remember("theme", theme === "system" ? undefined : theme)
  applyTheme(theme)
  for (const listener of listeners) listener()
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, currentTheme)
}
