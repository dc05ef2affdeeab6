import type { Outcome } from "../domain/outcome.ts"

/** An access token ready to be sent. */
export interface Authorization {
  /** The value of the `authorization` header. Secret. */
  readonly value: string
  /** Grows with every renewal. */
  readonly version: number
}

export type AuthorizationState =
  | { readonly kind: "ready"; readonly authorization: Authorization }
  /** An exchange is under way: `changed` tells when to ask again. */
  | { readonly kind: "pending" }
  /** No token, and no attempt to get one before `afterMs` have passed. The outcome is that of a push that needs it. */
  | { readonly kind: "failed"; readonly outcome: Outcome; readonly afterMs: number }

/** Gives and renews the access token of one credential. Tokens are shared by all pushes; renewals never overlap. */
export interface AuthorizationSource {
  current(): AuthorizationState
  /** The provider took this version: it accepted a push, or refused one for what it found out after that. */
  served(version: number): void
  /**
   * The provider refused a push sent with this version. "renewed": a fresh token is there or being fetched because of
   * this; "stale": a newer one was there already; "later": it is too early for another, and the refused one has served
   * others; "hopeless": the refused one is too young for another to help.
   */
  refused(version: number): "renewed" | "stale" | "later" | "hopeless"
  close(): void
}

/** Called when an authorization source leaves the state "pending", or may leave "failed". */
export type AuthorizationChanged = () => void
