import type { ComponentProps, ReactNode } from "react"
import { Link } from "wouter"
import "./button.css"

export type ButtonLook = "plain" | "primary" | "danger" | "quiet"

interface ButtonProps extends ComponentProps<"button"> {
  readonly look?: ButtonLook
  /**
   * Something is on its way: the button says so and takes no second click. What says this of a button, also that it is
   * not, makes it one that sends something: a double click on it is one click, however soon the answer comes.
   */
  readonly isBusy?: boolean
  /** There is nothing to do with it just now, as may happen by using it: unlike `disabled`, it keeps the focus. */
  readonly isOff?: boolean
}

export function Button({
  look = "plain",
  isBusy,
  isOff = false,
  children,
  onClick,
  ...rest
}: ButtonProps): ReactNode {
  const isOneTooMany = (clicks: number) => isOff || isBusy === true || (isBusy === false && clicks > 1)
  return (
    <button
      type="button"
      {...rest}
      className="button"
      data-look={look}
      // Not `disabled`: that would take the focus away, and who uses the keyboard would begin again at the top.
      aria-disabled={isBusy || isOff || undefined}
      aria-busy={isBusy || undefined}
      onClick={(event) => (isOneTooMany(event.detail) ? event.preventDefault() : onClick?.(event))}
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
