import type { Issuer } from "../domain/issuer.ts"

export type NewIssuer = Omit<Issuer, "aheadMs">

/** The identity providers of applications, and those of their tokens that were ended before they expired. */
export interface IssuerStore {
  /** Ordered by name. */
  list(application: number): Promise<readonly Issuer[]>
  /**
   * Adds the issuer, or replaces the one with its name; what was seen of its clock stays as long as its `iss` does. False:
   * another one of the application has its `iss`. Throws DomainError `conflict` when there would be more than `issuersMax`.
   */
  set(application: number, issuer: NewIssuer, options: { readonly issuersMax: number }): Promise<boolean>
  /** Its clock was seen to be so far ahead; nothing changes if it was seen further ahead before. */
  noteAhead(application: number, name: string, aheadMs: number): Promise<void>
  remove(application: number, name: string): Promise<boolean>
  /** Remembers a token (SHA-256, hex) as ended until it expires anyway; forgets those that have expired by `now`. */
  endToken(
    application: number,
    hash: string,
    times: { readonly now: number; readonly expiresAt: number },
  ): Promise<void>
  hasEnded(application: number, hash: string): Promise<boolean>
}
