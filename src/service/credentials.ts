import { DomainError } from "../domain/errors.ts"
import type { Outcome } from "../domain/outcome.ts"
import type { ProviderName } from "../domain/platform.ts"
import type { Clock } from "../runtime/clock.ts"
import { SealError, type Sealer } from "../runtime/sealer.ts"
import type { Store, StoredCredential } from "../store/store.ts"
import { type Checkup, type CheckupStep, stepsOf } from "./credential-checkup.ts"

/** What a credential is made of: the provider's own fields, and where to send instead of the provider's own address. */
export interface CredentialInput {
  /** The fields that the provider's credential consists of, as they were given. */
  readonly fields: unknown
  /** A simulator or proxy. */
  readonly origin?: string
  /** PEM of the authorities to trust for that origin. */
  readonly ca?: string
}

/** Reads a credential without using it: what may be shown of it, or what is wrong with it. */
export type CredentialCheck = (input: CredentialInput) =>
  | {
      readonly summary: Readonly<Record<string, string>>
      /** Whether it makes the server connect to addresses that are not the provider's own. */
      readonly leadsElsewhere: boolean
    }
  | {
      readonly problem: string
      /** Which part of the input it is about. */
      readonly property: string
    }

export interface CredentialsOptions {
  readonly store: Store
  readonly sealer: Sealer
  readonly clock: Clock
  readonly checks: { readonly [P in ProviderName]: CredentialCheck }
  /** Sends a push that can reach nobody; undefined: nothing was heard in time. */
  readonly attempt: (provider: ProviderName, input: CredentialInput) => Promise<Outcome | undefined>
}

/** A credential as it may be shown: never a secret. */
export type CredentialView = Omit<StoredCredential, "sealed">

/** The provider credentials of applications: checked before they are stored, sealed at rest (design D12). */
export class Credentials {
  readonly #options: CredentialsOptions
  /** By the number of the credential: whoever asks meanwhile gets the same answer. */
  readonly #checkups = new Map<number, Promise<Checkup>>()

  constructor(options: CredentialsOptions) {
    this.#options = options
  }

  /**
   * Replaces an earlier credential of the provider, at once and without a restart. Throws `invalid_credential`, and
   * `no_permission` for one that leads elsewhere than to the provider when the caller may not choose that: it would be a way
   * into the network that the server is in.
   */
  async set(
    applicationId: string,
    provider: ProviderName,
    input: CredentialInput,
    { mayLeadElsewhere = true } = {},
  ): Promise<CredentialView> {
    const { store, sealer, clock, checks } = this.#options
    const application = await this.#application(applicationId)
    const checked = checks[provider](input)
    if ("problem" in checked) {
      const { problem, property } = checked
      throw new DomainError("invalid_credential", `${problem}.`, { provider, property })
    }
    if (checked.leadsElsewhere && !mayLeadElsewhere) {
      throw new DomainError(
        "no_permission",
        "Only who may administer the whole server may choose where pushes are sent and access tokens are asked for: leave out origin and ca, and take token_uri as Google wrote it.",
        { provider },
      )
    }
    const now = clock.now()
    const sealed = sealer.seal(JSON.stringify(input), contextOf(application, provider))
    const number = await store.credentials.set(
      { application, provider, sealed, summary: checked.summary },
      now,
    )
    return {
      number,
      application,
      provider,
      summary: checked.summary,
      updatedAt: now,
      pausedAt: undefined,
      pausedReason: undefined,
    }
  }

  async list(applicationId: string): Promise<readonly CredentialView[]> {
    const credentials = await this.#options.store.credentials.list(await this.#application(applicationId))
    return credentials.map(({ sealed: _sealed, ...view }) => view)
  }

  async remove(applicationId: string, provider: ProviderName): Promise<void> {
    const wasThere = await this.#options.store.credentials.remove(
      await this.#application(applicationId),
      provider,
    )
    if (!wasThere) throw noCredential(provider)
  }

  /** Lets a paused credential send again. */
  async resume(applicationId: string, provider: ProviderName): Promise<void> {
    const { store } = this.#options
    const credential = await store.credentials.find(await this.#application(applicationId), provider)
    if (credential === undefined) throw noCredential(provider)
    await store.credentials.resume(credential.number)
  }

  /** Asks the provider whether the credential works, for 20 seconds at most. Throws `not_found`. */
  async checkup(applicationId: string, provider: ProviderName): Promise<Checkup> {
    const application = await this.#application(applicationId)
    const stored = await this.#options.store.credentials.find(application, provider)
    if (stored === undefined) throw noCredential(provider)
    const running = this.#checkups.get(stored.number)
    if (running !== undefined) return running
    const begun = this.#checkupOf(stored).finally(() => this.#checkups.delete(stored.number))
    this.#checkups.set(stored.number, begun)
    return begun
  }

  async #checkupOf(stored: StoredCredential): Promise<Checkup> {
    const { checks, attempt } = this.#options
    const { provider } = stored
    let input: CredentialInput
    try {
      input = this.open(stored)
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      const advice = "Restore the file master.key of the data directory, or set BELFRY_MASTER_KEY."
      return failedCredential("The stored credential cannot be opened with this master key.", advice)
    }
    const checked = checks[provider](input)
    if ("problem" in checked) return failedCredential(`${checked.problem}.`, "Set the credential again.")
    const summary = Object.entries(checked.summary).map(([name, value]) => `${name} ${value}`)
    const steps: readonly CheckupStep[] = [
      { name: "credential", ok: true, detail: `Complete and well-formed: ${summary.join(", ")}.` },
      ...stepsOf(provider, await attempt(provider, input)),
    ]
    return { ok: steps.every(({ ok }) => ok), steps }
  }

  /** For the delivery engine only; throws SealError under another master key. */
  open(credential: StoredCredential): CredentialInput {
    const { application, provider, sealed } = credential
    return JSON.parse(this.#options.sealer.open(sealed, contextOf(application, provider))) as CredentialInput
  }

  async #application(id: string): Promise<number> {
    const application = await this.#options.store.applications.byId(id)
    if (application !== undefined) return application.number
    throw new DomainError(
      "not_found",
      `No application has the id ${id}; \`belfry app list\` shows those that exist.`,
    )
  }
}

function failedCredential(detail: string, advice: string): Checkup {
  return { ok: false, steps: [{ name: "credential", ok: false, detail, advice }] }
}

function contextOf(application: number, provider: ProviderName): string {
  return `credential|${application}|${provider}`
}

function noCredential(provider: ProviderName): DomainError {
  return new DomainError(
    "not_found",
    `The application has no ${provider} credential; \`belfry credentials list\` shows those that exist.`,
  )
}
