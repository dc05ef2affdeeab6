import { DomainError } from "../domain/errors.ts"
import {
  checkedIssuer,
  checkedIssuerName,
  type Issuer,
  type IssuerInput,
  type KeySet,
} from "../domain/issuer.ts"
import type { Clock } from "../runtime/clock.ts"
import type { Store } from "../store/store.ts"
import { existingApplication } from "./existing-application.ts"
import type { KeySets } from "./key-sets.ts"

/** An issuer with what is known of its keys. */
export interface IssuerView {
  readonly issuer: Omit<Issuer, "aheadMs">
  /** Undefined: they were not needed yet, or cannot be read. */
  readonly keyIds: readonly string[] | undefined
  readonly problem: string | undefined
}

/** A changed issuer is in force within this time, on every node. */
const REMEMBERED_MS = 2_000
const REMEMBERED_MAX = 10_000
const ISSUERS_PER_APPLICATION_MAX = 20

interface Remembered {
  readonly issuers: readonly Issuer[]
  readonly until: number
}

/** The identity providers whose tokens an application takes. */
export class Issuers {
  readonly #store: Pick<Store, "issuers" | "applications">
  readonly #keySets: KeySets
  readonly #clock: Clock
  readonly #remembered = new Map<number, Remembered>()

  constructor(store: Pick<Store, "issuers" | "applications">, keySets: KeySets, clock: Clock) {
    this.#store = store
    this.#keySets = keySets
    this.#clock = clock
  }

  /** As they were at most two seconds ago. */
  async of(application: number): Promise<readonly Issuer[]> {
    const now = this.#clock.monotonic()
    const known = this.#remembered.get(application)
    if (known !== undefined && known.until > now) return known.issuers
    const issuers = await this.#store.issuers.list(application)
    if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered.clear()
    this.#remembered.set(application, { issuers, until: now + REMEMBERED_MS })
    return issuers
  }

  /** The clock of the issuer was seen to be so far ahead of ours. Never rejects: a store that cannot write makes nobody a stranger. */
  async noteAhead(application: number, { name }: Issuer, aheadMs: number): Promise<void> {
    await this.#store.issuers.noteAhead(application, name, aheadMs).catch(() => {})
    this.#remembered.delete(application)
  }

  /** The keys of the issuer, read again if the one that is wanted is not among them. */
  async keySetOf({ keys }: Issuer, kid: string): Promise<KeySet | undefined> {
    return "url" in keys ? this.#keySets.at(keys.url, kid) : keys
  }

  async list(applicationId: string): Promise<readonly IssuerView[]> {
    const { number } = await existingApplication(this.#store, applicationId)
    return (await this.#store.issuers.list(number)).map((issuer) => this.#view(issuer))
  }

  /** Adds or replaces; reads the key set at once, so that whoever sets it sees what is wrong with it. */
  async set(applicationId: string, name: string, input: IssuerInput): Promise<IssuerView> {
    const { number } = await existingApplication(this.#store, applicationId)
    const issuer = { ...checkedIssuer(input), name: checkedIssuerName(name), changedAt: this.#clock.now() }
    const options = { issuersMax: ISSUERS_PER_APPLICATION_MAX }
    if (!(await this.#store.issuers.set(number, issuer, options))) {
      throw new DomainError("conflict", "Another issuer of the application has the same `issuer`.", {
        property: "issuer",
      })
    }
    this.#remembered.delete(number)
    if ("url" in issuer.keys) await this.#keySets.readNow(issuer.keys.url)
    return this.#view(issuer)
  }

  async remove(applicationId: string, name: string): Promise<void> {
    const { number } = await existingApplication(this.#store, applicationId)
    if (!(await this.#store.issuers.remove(number, name))) {
      throw new DomainError("not_found", `The application has no issuer "${name}".`)
    }
    this.#remembered.delete(number)
  }

  #view(issuer: IssuerView["issuer"]): IssuerView {
    const { keys } = issuer
    const state = "url" in keys ? this.#keySets.stateOf(keys.url) : { keySet: keys, problem: undefined }
    return {
      issuer,
      keyIds: state?.keySet?.keys.map(({ kid }) => kid),
      problem: state?.problem,
    }
  }
}
