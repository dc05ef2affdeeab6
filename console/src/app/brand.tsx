import type { ReactNode } from "react"
import { Link } from "wouter"
import icon from "../icon.svg"

export function Brand(): ReactNode {
  return (
    <Link href="/" className="brand">
      <img src={icon} alt="" width={24} height={24} />
      Belfry
    </Link>
  )
}
