import type { MessageProgress } from "../../../domain/message.ts"
import type { AdministratorPrincipal } from "../../../policy/principal.ts"
import type { Services } from "../../../service/services.ts"
import { RawReply, type Route, type RouteRequest } from "../../route.ts"
import { nextCursor, pageLimit, wholeNumber } from "../query.ts"
import {
  ApplicationParams,
  DeviceReport,
  MessageDeviceParams,
  MessageEvents,
  MessagePage,
  MessageParams,
  MessageReport,
  PageQuery,
} from "../schemas.ts"
import { messageView, type Sample, settledOf } from "../views.ts"

type AdminRoute = Route<AdministratorPrincipal>
type Request = RouteRequest<AdministratorPrincipal>

const MESSAGES = "/admin/v1/applications/:applicationId/messages"
const MESSAGE = `${MESSAGES}/:messageId`

async function applicationNumber({ services, params }: Request): Promise<number> {
  return (await services.applications.get(params["applicationId"] ?? "")).number
}

const listMessages: AdminRoute = {
  method: "GET",
  path: MESSAGES,
  permission: "admin:read",
  summary: "Lists the messages of an application, the latest first.",
  params: ApplicationParams,
  query: PageQuery,
  reply: MessagePage,
  errors: ["not_found", "invalid_property"],
  handle: async (request) => {
    const { services, query } = request
    const before = wholeNumber(query, "cursor", 1)
    const page = await services.messages.page(await applicationNumber(request), before, pageLimit(query))
    return {
      messages: page.messages.map((progress) => messageView(progress, services.now())),
      next: nextCursor(page.next),
    }
  },
}

const readMessage: AdminRoute = {
  method: "GET",
  path: MESSAGE,
  permission: "admin:read",
  summary: "Says how a message is going: outcomes that add up to the audience, state, rate and time left.",
  params: MessageParams,
  reply: MessageReport,
  errors: ["not_found"],
  handle: async (request) => {
    const { services, params } = request
    const progress = await services.messages.progress(
      await applicationNumber(request),
      params["messageId"] ?? "",
    )
    return messageView(progress, services.now())
  },
}

const watchMessage: AdminRoute = {
  method: "GET",
  path: `${MESSAGE}/events`,
  permission: "admin:read",
  summary: "Streams the report of a message while it changes.",
  params: MessageParams,
  reply: MessageEvents,
  errors: ["not_found"],
  handle: async (request) => {
    const { services, params, signal } = request
    const application = await applicationNumber(request)
    const id = params["messageId"] ?? ""
    await services.messages.progress(application, id)
    return new RawReply(
      "text/event-stream",
      events(services.messages.watch(application, id, signal), services),
    )
  },
}

async function* events(
  changes: AsyncIterable<MessageProgress | undefined>,
  services: Services,
): AsyncGenerator<string> {
  let last: Sample | undefined
  for await (const progress of changes) {
    if (progress === undefined) {
      yield ": still here\n\n"
      continue
    }
    const at = services.now()
    yield `data: ${JSON.stringify(messageView(progress, at, last))}\n\n`
    last = { at, settled: settledOf(progress) }
  }
  yield "event: end\ndata: {}\n\n"
}

const explainDevice: AdminRoute = {
  method: "GET",
  path: `${MESSAGE}/devices/*`,
  permission: "admin:read",
  summary: "Says what became of a message for one device, and why.",
  params: MessageDeviceParams,
  reply: DeviceReport,
  errors: ["not_found"],
  handle: async (request) => {
    const { services, params } = request
    const application = await applicationNumber(request)
    return services.messages.deviceReport(application, params["messageId"] ?? "", params["*"] ?? "")
  },
}

function stateChange(verb: "pause" | "resume" | "cancel", summary: string): AdminRoute {
  return {
    method: "POST",
    path: `${MESSAGE}/${verb}`,
    permission: "admin:operate",
    summary,
    params: MessageParams,
    reply: MessageReport,
    errors: verb === "cancel" ? ["not_found", "cannot_cancel_message"] : ["not_found", "conflict"],
    handle: async (request) => {
      const { services, params } = request
      const application = await applicationNumber(request)
      const message = await services.messages[verb](application, params["messageId"] ?? "")
      return messageView(await services.messages.progress(application, message.id), services.now())
    },
    audit: { action: `message.${verb}` },
  }
}

export const messageRoutes: readonly AdminRoute[] = [
  listMessages,
  readMessage,
  watchMessage,
  explainDevice,
  stateChange("pause", "Pauses a message: nothing starts any more from two seconds after the answer."),
  stateChange("resume", "Resumes a paused message."),
  stateChange("cancel", "Cancels a message: nothing starts any more from two seconds after the answer."),
]
