import { authorize } from "../../../policy/authorize.ts"
import type { KeyPrincipal } from "../../../policy/principal.ts"
import type { Route } from "../../route.ts"
import { DeletedChannel, NamedChannelParams } from "../schemas.ts"

/** The only operation on channels in an SDK (contract 5): they are created by being used, and listed to nobody. */
const deleteChannel: Route<KeyPrincipal> = {
  method: "DELETE",
  path: "messaging/channels/:channel",
  permission: "channel:delete",
  summary: "Deletes a channel; a device that was in no other channel is not registered any more then.",
  params: NamedChannelParams,
  reply: DeletedChannel,
  errors: ["not_found"],
  handle: async ({ services, principal, params }) => {
    const channel = (params["channel"] ?? "").normalize("NFC")
    authorize(principal, "channel:delete", channel)
    await services.channels.delete(principal.application.number, channel)
    return { result: true }
  },
  audit: { action: "channel.delete" },
}

export const channelRoutes: readonly Route<KeyPrincipal>[] = [deleteChannel]
