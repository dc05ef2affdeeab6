import type { NotificationKind, ShownNotification } from "../domain/shown-notification.ts"
import { messageIdInText, numberOf, textOf } from "./shown-values.ts"

/** How Windows presents a WNS payload: the first text is the title, the rest the body (providers.md 3.2). */
export function shownByWindows(type: string, payload: string): ShownNotification {
  const kind = type.replace("wns/", "") as NotificationKind
  const messageId = messageIdInText(payload)
  const common = { kind, ...(messageId !== undefined && { messageId }) }
  if (kind === "raw") return { ...common, silent: true, ...(payload !== "" && { body: payload }) }
  if (!isBalanced(payload)) {
    return { ...common, silent: true, remark: "not shown: the XML is not well-formed" }
  }
  if (kind === "badge") {
    const value = attribute(payload, "badge", "value")
    const badge = numberOf(value)
    return { ...common, silent: value === undefined, ...(badge !== undefined && { badge }) }
  }
  const [title, ...rest] = textsIn(payload)
  const sound = kind === "toast" ? attribute(payload, "audio", "src") : undefined
  const image = attribute(payload, "image", "src")
  return {
    ...common,
    silent: kind === "tile" || (title === undefined && rest.length === 0),
    ...(title !== undefined && { title }),
    ...(rest.length > 0 && { body: rest.join("\n") }),
    ...(sound !== undefined && { sound }),
    ...(image !== undefined && { image }),
  }
}

const TAG = /<(\/?)([A-Za-z_][\w.:-]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*?)(\/?)>/g
const NOT_CONTENT = /^\uFEFF?\s*<\?xml[^>]*\?>|<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>/g
const TEXT_ELEMENT = /<text(?:\s[^<>]*)?>([^<]*)<\/text>/g
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" }

function textsIn(xml: string): string[] {
  return [...xml.matchAll(TEXT_ELEMENT)]
    .map((match) => textOf(decoded(match[1] ?? "")))
    .filter((text) => text !== undefined)
}

function attribute(xml: string, element: string, name: string): string | undefined {
  for (const [, , tag, attributes = ""] of xml.matchAll(TAG)) {
    if (tag !== element) continue
    const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes)
    const value = match?.[1] ?? match?.[2]
    if (value !== undefined) return textOf(decoded(value))
  }
  return undefined
}

function decoded(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name] ?? whole
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

/** A cheap test of well-formedness: every element is closed in order, there is one root, and no stray < or &. */
function isBalanced(xml: string): boolean {
  const open: string[] = []
  const bare = xml.replace(NOT_CONTENT, "").trim()
  let at = 0
  for (const match of bare.matchAll(TAG)) {
    const [whole, isClosing, name = "", , isEmpty] = match
    // Between the roots, and before the first one, nothing may stand.
    if (open.length === 0 && match.index > 0) return false
    if (!isPlain(bare.slice(at, match.index))) return false
    at = match.index + whole.length
    if (isClosing === "/") {
      if (open.pop() !== name) return false
    } else if (isEmpty !== "/") {
      open.push(name)
    }
  }
  return at > 0 && at === bare.length && open.length === 0
}

function isPlain(text: string): boolean {
  return !text.includes("<") && !/&(?!#x[0-9a-f]+;|#\d+;|lt;|gt;|amp;|quot;|apos;)/i.test(text)
}
