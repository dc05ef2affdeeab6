import type { AdministratorPrincipal } from "../../policy/principal.ts"
import type { RouteRequest } from "../route.ts"

/** The store's number of the application in the path. Throws `not_found`. */
export async function applicationNumber({
  services,
  params,
}: RouteRequest<AdministratorPrincipal>): Promise<number> {
  return (await services.applications.get(params["applicationId"] ?? "")).number
}
