import type { Application } from "../domain/application.ts"
import { DomainError } from "../domain/errors.ts"
import type { Store } from "../store/store.ts"

/** Throws `not_found` for an unknown id. */
export async function existingApplication(
  store: Pick<Store, "applications">,
  id: string,
): Promise<Application> {
  const application = await store.applications.byId(id)
  if (application !== undefined) return application
  throw unknownApplication(id)
}

/** One text for an application that does not exist and for one that the caller may not know of. */
export function unknownApplication(id: string): DomainError {
  return new DomainError(
    "not_found",
    `No application has the id ${id}; \`belfry app list\` shows those that exist.`,
  )
}

/** The ids, all of which must exist: a misspelt one would restrict to nothing. Throws `invalid_property`. */
export async function checkedApplications(
  store: Pick<Store, "applications">,
  ids: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  for (const [index, id] of (ids ?? []).entries()) {
    if ((await store.applications.byId(id)) !== undefined) continue
    throw new DomainError("invalid_property", `No application has the id ${id}.`, {
      property: `applications[${index}]`,
    })
  }
  return ids
}
