import { DomainError } from "../domain/errors.ts"
import { checkedText } from "../domain/text.ts"
import type { Clock } from "../runtime/clock.ts"
import type { HostName, Store } from "../store/store.ts"
import { existingApplication } from "./existing-application.ts"
import { workingKey } from "./keys.ts"

export interface HostsOptions {
  readonly store: Store
  readonly clock: Clock
}

/** What a host name is bound to, unchecked. */
export interface HostInput {
  /** The number of a key, or a type: then the oldest key of it that has not expired. Defaults to JS. */
  readonly key?: unknown
  /** A custom role that requests run with besides that of the key. */
  readonly role?: unknown
}

/** A host name as it may be shown. */
export type HostView = Omit<HostName, "application">

const HOST_NAME =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*|\[[0-9a-f:]+\])$/
const HOST_NAME_MAX = 255
const HOSTS_PER_APPLICATION_MAX = 1000

/** Host names that serve an application in the `/api/…` form, each with the rights of one of its keys (contract 1.1). */
export class Hosts {
  readonly #options: HostsOptions

  constructor(options: HostsOptions) {
    this.#options = options
  }

  /** Ordered by name. */
  async list(applicationId: string): Promise<readonly HostView[]> {
    const { store } = this.#options
    const { number } = await existingApplication(store, applicationId)
    const hosts = await store.applications.hosts(number)
    return hosts.map(({ application: _application, ...view }) => view)
  }

  /** Replaces an earlier binding to the same application; throws `conflict` when another one has the host name. */
  async bind(applicationId: string, host: string, { key = "JS", role }: HostInput = {}): Promise<HostView> {
    const { store, clock } = this.#options
    const { number: application } = await existingApplication(store, applicationId)
    const name = checkedHostName(host)
    const now = clock.now()
    const { number: keyNumber, kind } = workingKey(await store.applications.keys(application), key, now)
    const roleName =
      role === undefined || role === null ? undefined : checkedText(role, "role", { min: 1, max: 100 })
    const binding = { host: name, keyNumber, role: roleName }
    const options = { now, hostsMax: HOSTS_PER_APPLICATION_MAX }
    switch (await store.applications.bindHost({ ...binding, application }, options)) {
      case "bound":
        return { ...binding, keyKind: kind, createdAt: now }
      case "taken":
        throw new DomainError(
          "conflict",
          `The host name ${name} is bound to another application; unbind it there first.`,
          { property: "host" },
        )
      case "unknown":
        throw new DomainError(
          "not_found",
          "The application has no such role, or its key was revoked just now.",
        )
    }
  }

  /** Throws `not_found`, also when the host name is bound to another application than the one named. */
  async unbind(host: string, applicationId?: string): Promise<void> {
    const { store } = this.#options
    const name = host.toLowerCase()
    const application =
      applicationId === undefined ? undefined : (await existingApplication(store, applicationId)).number
    if (await store.applications.unbindHost(name, application)) return
    const by = applicationId === undefined ? "no application" : "nothing in this application"
    throw new DomainError("not_found", `The host name ${host} is bound to ${by}.`)
  }
}

function checkedHostName(host: string): string {
  const name = host.toLowerCase()
  if (HOST_NAME.test(name) && name.length <= HOST_NAME_MAX) return name
  throw new DomainError(
    "invalid_property",
    `host "${name}" is no host name such as push.example.com (without a port).`,
    { property: "host" },
  )
}
