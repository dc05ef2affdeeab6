import { BellRing, Image } from "lucide-react"
import type { Key, ReactNode } from "react"
import "./phone.css"

/** Whose manners a phone has. */
export type PhoneLook = "ios" | "android" | "windows"

/** A notification as a phone presents it. */
export interface ShownNotification {
  /** The person sees and hears nothing. */
  readonly silent: boolean
  readonly title?: string
  readonly subtitle?: string
  readonly body?: string
  readonly badge?: number
  readonly sound?: string
  /** Its address; it is not loaded from there. */
  readonly image?: string
  readonly remark?: string
}

export interface PhoneCard {
  readonly key: Key
  readonly shown: ShownNotification
  /** When it came: "now", or a time. */
  readonly when: ReactNode
}

interface PhoneProps {
  readonly look: PhoneLook
  /** What it is called, for people who do not see it: "Preview on an iPhone". */
  readonly label: string
  /** The app that the notifications are of. */
  readonly app: string
  /** The latest first. */
  readonly cards: readonly PhoneCard[]
  /** What an empty screen says. */
  readonly children?: ReactNode
}

/** A phone, or a Windows desktop, with the notifications that it shows. What cannot be drawn stands in words below them. */
export function Phone({ look, label, app, cards, children }: PhoneProps): ReactNode {
  return (
    <div className="phone" data-look={look}>
      <div className="phone-camera" aria-hidden />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard (WCAG 2.1.1). */}
      <section className="phone-screen" aria-label={label} tabIndex={0}>
        {cards.length === 0 && <p className="phone-empty">{children}</p>}
        <ul className="phone-cards">
          {cards.map(({ key, shown, when }) => (
            <li key={key}>
              <Card look={look} app={app} shown={shown} when={when} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

interface CardProps {
  readonly look: PhoneLook
  readonly app: string
  readonly shown: ShownNotification
  readonly when: ReactNode
}

function Card({ look, app, shown, when }: CardProps): ReactNode {
  const { silent, title, subtitle, body, badge, image } = shown
  return (
    <article className="push" data-silent={silent ? "" : undefined}>
      <span className="push-icon">
        <BellRing size={14} aria-hidden />
        {badge !== undefined && badge > 0 && look === "ios" && <span className="push-badge">{badge}</span>}
      </span>
      <div className="push-text">
        <p className="push-head">
          <span className="push-app">{look === "android" && subtitle ? `${app} · ${subtitle}` : app}</span>
          <span className="push-when">{when}</span>
        </p>
        {silent ? (
          <p className="push-silent">Nothing is seen or heard: only the app gets it.</p>
        ) : (
          <>
            {title !== undefined && <p className="push-title">{title}</p>}
            {subtitle !== undefined && look !== "android" && <p className="push-subtitle">{subtitle}</p>}
            {body !== undefined && <p className="push-body">{body}</p>}
          </>
        )}
        {image !== undefined && (
          <p className="push-image">
            <Image size={14} aria-hidden />
            <span>{image}</span>
          </p>
        )}
        <Rest shown={shown} />
      </div>
    </article>
  )
}

/** What of a notification is heard, or is elsewhere than on the card. */
function Rest({ shown: { silent, body, badge, sound, remark } }: Pick<CardProps, "shown">): ReactNode {
  const parts = [
    silent && body !== undefined && `Data: ${body}`,
    badge !== undefined && (badge === 0 ? "Badge removed" : `Badge ${badge}`),
    sound !== undefined && `Sound ${sound}`,
    remark,
  ].filter((part) => typeof part === "string")
  if (parts.length === 0) return null
  return <p className="push-rest">{parts.join(" · ")}</p>
}
