export type NotificationKind = "alert" | "background" | "data" | "toast" | "tile" | "badge" | "raw" | "other"

/** How a phone presents a notification. */
export interface ShownNotification {
  readonly kind: NotificationKind
  /** True when the person sees and hears nothing. */
  readonly silent: boolean
  readonly title?: string
  readonly subtitle?: string
  readonly body?: string
  readonly badge?: number
  readonly sound?: string
  readonly image?: string
  readonly messageId?: string
  /** Why the phone shows less than was meant, or shows it later. */
  readonly remark?: string
}
