import { DomainError } from "../../../domain/errors.ts"
import { PLATFORMS, type Platform } from "../../../domain/platform.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { SizedChannel } from "../../../service/channels.ts"
import type { Route } from "../../route.ts"
import {
  Audience,
  AudienceQuery,
  ChannelPage,
  ChannelParams,
  ChannelQuery,
  Channel as ChannelShape,
  NewChannel,
} from "../administration-schemas.ts"
import { applicationNumber } from "../application-number.ts"
import { propertiesOf } from "../body.ts"
import { nextCursor, pageLimit, wholeNumber } from "../query.ts"
import { ApplicationParams, Done } from "../schemas.ts"

type AdminRoute = Route<AdministratorPrincipal>

const APPLICATION = "/admin/v1/applications/:applicationId"
const CHANNELS = `${APPLICATION}/channels`
const CHANNEL = `${CHANNELS}/:channel`
/** Each is counted. */
const PAGE_MAX = 200

const listChannels: AdminRoute = {
  method: "GET",
  path: CHANNELS,
  permission: "admin:read",
  summary:
    "Lists the channels of an application by name, or those whose name begins so, with their sizes by platform.",
  params: ApplicationParams,
  query: ChannelQuery,
  reply: ChannelPage,
  errors: ["not_found", "invalid_property"],
  handle: async (request) => {
    const { services, query } = request
    const after = wholeNumber(query, "cursor", 0) ?? 0
    const limit = pageLimit(query, PAGE_MAX)
    const application = await applicationNumber(request)
    const page = await services.channels.page(application, after, limit, query["namePrefix"])
    return {
      channels: page.channels.map(view),
      next: nextCursor(page.next),
    }
  },
}

const createChannel: AdminRoute = {
  method: "POST",
  path: CHANNELS,
  permission: "admin:operate",
  summary: "Creates a channel without members.",
  params: ApplicationParams,
  body: NewChannel,
  reply: ChannelShape,
  errors: ["not_found", "invalid_property", "property_too_long", "conflict"],
  handle: async (request) => {
    const { services, body } = request
    const { name } = propertiesOf(body, ["name"])
    return view(await services.channels.create(await applicationNumber(request), name))
  },
  audit: { action: "channel.create", target: (_request, result) => (result as SizedChannel).name },
}

const readChannel: AdminRoute = {
  method: "GET",
  path: CHANNEL,
  permission: "admin:read",
  summary: "Returns a channel with its size by platform.",
  params: ChannelParams,
  reply: ChannelShape,
  errors: ["not_found"],
  handle: async (request) => {
    const { services, params } = request
    return view(await services.channels.get(await applicationNumber(request), params["channel"] ?? ""))
  },
}

const deleteChannel: AdminRoute = {
  method: "DELETE",
  path: CHANNEL,
  permission: "admin:administer",
  summary:
    "Deletes a channel at once; its members leave it within minutes. A device that was in no other channel is not registered any more then.",
  params: ChannelParams,
  reply: Done,
  errors: ["not_found"],
  handle: async (request) => {
    const { services, params } = request
    await services.channels.delete(await applicationNumber(request), params["channel"] ?? "")
    return { done: true }
  },
  audit: { action: "channel.delete" },
}

const countAudience: AdminRoute = {
  method: "GET",
  path: `${APPLICATION}/audience`,
  permission: "admin:read",
  summary: "Counts whom a message would be for that is published now.",
  params: ApplicationParams,
  query: AudienceQuery,
  reply: Audience,
  errors: ["not_found", "invalid_property", "property_too_long"],
  handle: async (request) => {
    const { services, query } = request
    const platforms = platformsOf(query["platforms"])
    return services.channels.audience(await applicationNumber(request), query["channel"], platforms)
  },
}

function platformsOf(text: string | undefined): readonly Platform[] | undefined {
  if (text === undefined) return undefined
  return text.split(",").map((word) => {
    const platform = PLATFORMS.find((known) => known === word.trim())
    if (platform !== undefined) return platform
    throw new DomainError(
      "invalid_property",
      `platforms must be of ${PLATFORMS.join(", ")}, separated by commas.`,
      {
        property: "platforms",
      },
    )
  })
}

function view({ name, createdAt, devices }: SizedChannel): object {
  return { name, createdAt, devices }
}

export const channelRoutes: readonly AdminRoute[] = [
  listChannels,
  createChannel,
  readChannel,
  deleteChannel,
  countAudience,
]
