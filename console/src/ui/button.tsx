import type { ComponentProps, ReactNode } from "react"
import { Link } from "wouter"
import "./button.css"

export type ButtonLook = "plain" | "primary" | "danger" | "quiet"

interface ButtonProps extends ComponentProps<"button"> {
  readonly look?: ButtonLook
  /** Something is on its way: the button says so and takes no second click. */
  readonly isBusy?: boolean
}

export function Button({
  look = "plain",
  isBusy = false,
  children,
  onClick,
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      {...rest}
      className="button"
      data-look={look}
      // Not `disabled`: that would take the focus away, and who uses the keyboard would begin again at the top.
      aria-disabled={isBusy || undefined}
      aria-busy={isBusy || undefined}
      onClick={(event) => (isBusy ? event.preventDefault() : onClick?.(event))}
    >
      {children}
    </button>
  )
}

interface IconButtonProps extends ButtonProps {
  /** What it does, for people who do not see the icon, and as its tip. */
  readonly label: string
}

export function IconButton({ label, look = "quiet", ...rest }: IconButtonProps): ReactNode {
  return <Button {...rest} look={look} aria-label={label} title={label} data-icon-only="" />
}

interface ButtonLinkProps {
  /** Below /console. */
  readonly to: string
  readonly look?: ButtonLook
  readonly children: ReactNode
}

export function ButtonLink({ to, look = "plain", children }: ButtonLinkProps): ReactNode {
  return (
    <Link href={to} className="button" data-look={look}>
      {children}
    </Link>
  )
}
