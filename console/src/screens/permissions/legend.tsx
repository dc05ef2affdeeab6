import type { ReactNode } from "react"
import { AccessIcon } from "./access-icon.tsx"

const STATES = [
  { own: "grant", inherited: "nothing", text: "granted here" },
  { own: "deny", inherited: "nothing", text: "denied here" },
  { own: "inherit", inherited: "grant", text: "granted, inherited" },
  { own: "inherit", inherited: "deny", text: "denied, inherited" },
  { own: "inherit", inherited: "nothing", text: "not granted: another role may still be" },
] as const

export function Legend(): ReactNode {
  return (
    <ul className="matrix-legend small soft" aria-label="What the signs mean">
      {STATES.map(({ own, inherited, text }) => (
        <li key={text} className="row">
          <AccessIcon own={own} inherited={inherited} /> {text}
        </li>
      ))}
    </ul>
  )
}
