import type { PushContent } from "../../domain/push-content.ts"
import { headerText, messageText } from "../custom-headers.ts"
import { sizeProblem, type TranslatedPush } from "../push-protocol.ts"

export type WnsType = "toast" | "tile" | "badge" | "raw"

/** A message as WNS carries it: one notification of one type; access token and time to live are added when sent. */
export interface WnsPush extends TranslatedPush {
  readonly type: WnsType
  readonly tag: string | undefined
  readonly group: string | undefined
  readonly cachePolicy: string | undefined
  readonly body: Buffer
}

export const WNS_PAYLOAD_BYTES_MAX = 5000

const TYPES: readonly string[] = ["toast", "tile", "badge", "raw"]
const CACHE_POLICIES: readonly string[] = ["cache", "no-cache"]
const TAG = /^[A-Za-z0-9]{1,16}$/

/** Translates a message for Windows, as providers.md 3.2 and 6.2 say. Pure; never throws. */
export function wnsPush(content: PushContent): WnsPush {
  const { headers } = content
  const type = typeOf(content)
  const body = Buffer.from(bodyOf(content, type))
  const problem = headerProblem(content) ?? sizeProblem("WNS", body.length, WNS_PAYLOAD_BYTES_MAX)
  return {
    type,
    tag: headers.get("wns-tag"),
    group: headers.get("wns-group"),
    cachePolicy: headers.get("wns-cache-policy"),
    body,
    payloadBytes: body.length,
    payloadBytesMax: WNS_PAYLOAD_BYTES_MAX,
    expiresAt: content.expiresAt,
    ...(problem === undefined ? {} : { problem }),
  }
}

/** `wp-type` in any case; else what the headers have to show. An unknown type is shown as a toast. */
function typeOf(content: PushContent): WnsType {
  const { headers } = content
  const named = headers.get("wp-type")?.trim().toLowerCase()
  if (named !== undefined && TYPES.includes(named)) return named as WnsType
  if (named === undefined && headers.has("wp-raw")) return "raw"
  const isMute =
    titleOf(content) === undefined && linesOf(content).length === 0 && messageText(content) === ""
  return named === undefined && isMute && badgeValue(content) !== undefined ? "badge" : "toast"
}

function bodyOf(content: PushContent, type: WnsType): string {
  switch (type) {
    case "toast":
      return toastXml(content)
    case "tile":
      return tileXml(content)
    case "badge":
      return `<badge value="${xmlText(badgeValue(content) ?? messageText(content))}"/>`
    case "raw":
      return content.headers.get("wp-raw") ?? messageText(content)
  }
}

function toastXml(content: PushContent): string {
  const parameter = headerText(content.headers, "wp-parameter")
  const launch = parameter === undefined ? "" : ` launch="${xmlText(parameter)}"`
  return `<toast${launch}><visual><binding template="ToastGeneric">${textElements(content)}</binding></visual></toast>`
}

/** The flip tile of Windows Phone has no equal: its back becomes a peek image and a further line. */
function tileXml(content: PushContent): string {
  const { headers } = content
  const background = imageElement(headerText(headers, "wp-backgroundImage"), "background")
  const peek = imageElement(headerText(headers, "wp-backImage"), "peek")
  const back = [headerText(headers, "wp-backTitle"), headerText(headers, "wp-backContent")]
  const inside = `${background}${peek}${textElements(content)}${back.map(textElement).join("")}`
  const bindings = ["TileMedium", "TileWide"].map((size) => `<binding template="${size}">${inside}</binding>`)
  return `<tile><visual>${bindings.join("")}</visual></tile>`
}

/** The title first, then the lines; without any line the message itself. */
function textElements(content: PushContent): string {
  const lines = linesOf(content)
  const body = lines.length > 0 ? lines : [messageText(content)]
  return [titleOf(content), ...body].map(textElement).join("")
}

function titleOf(content: PushContent): string | undefined {
  return headerText(content.headers, "wp-title")
}

function linesOf(content: PushContent): string[] {
  const lines = [headerText(content.headers, "wp-subtitle"), headerText(content.headers, "wp-content")]
  return lines.filter((line) => line !== undefined)
}

function badgeValue(content: PushContent): string | undefined {
  return headerText(content.headers, "wp-badge") ?? headerText(content.headers, "wp-count")
}

function textElement(text: string | undefined): string {
  return text === undefined ? "" : `<text>${xmlText(text)}</text>`
}

function imageElement(source: string | undefined, placement: string): string {
  return source === undefined ? "" : `<image placement="${placement}" src="${xmlText(source)}"/>`
}

const XML_ESCAPES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
}

/** For text and attributes alike. Characters that XML 1.0 forbids even when escaped are left out. */
function xmlText(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML forbids.
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "")
      .replace(/[&<>"']/g, (character) => XML_ESCAPES[character] ?? character)
  )
}

function headerProblem(content: PushContent): string | undefined {
  for (const name of ["wns-tag", "wns-group"]) {
    const value = content.headers.get(name)
    if (value !== undefined && !TAG.test(value))
      return `the header ${name} must be 1 to 16 letters and digits`
  }
  const cachePolicy = content.headers.get("wns-cache-policy")
  if (cachePolicy !== undefined && !CACHE_POLICIES.includes(cachePolicy)) {
    return `the header wns-cache-policy must be ${CACHE_POLICIES.join(" or ")}`
  }
  return undefined
}
