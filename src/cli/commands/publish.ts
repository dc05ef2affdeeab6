import { type Command, InvalidArgumentError, Option } from "commander"
import { DEFAULT_CHANNEL } from "../../domain/channel.ts"
import { isTerminal, type MessageProgress } from "../../domain/message.ts"
import { obstacleSentence, obstacleWords } from "../../domain/obstacle.ts"
import { PLATFORMS, platformOf } from "../../domain/platform.ts"
import type { Belfry, OpenBelfry } from "../belfry.ts"
import type { AddCommand, Invocation } from "../command.ts"
import { EXIT, UsageError } from "../failure.ts"
import { openProgress } from "../progress.ts"
import { StandstillNotes } from "../standstill-notes.ts"
import { devicesText, pairs } from "../terminal.ts"
import { noted } from "../trail.ts"

const LOOK_MS = 250
/** Of the device ids that are not registered with the channel. */
const UNKNOWN_IDS_SHOWN = 10

const collected = (value: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), value]

function collectedSystem(value: string, earlier: readonly string[] | undefined): readonly string[] {
  if (platformOf(value) !== undefined) return collected(value, earlier)
  throw new InvalidArgumentError(`It must be one of ${PLATFORMS.join(", ")}.`)
}

export function addPublishCommand(program: Command, belfry: Belfry, add: AddCommand): void {
  add(program, {
    usage: "publish",
    summary: "publish a message; the server that runs on the data carries it",
    settings: belfry.storageSettings,
    options: [
      new Option("--app <id>", "the application").makeOptionMandatory(),
      new Option("--channel <name>", "the channel").default(DEFAULT_CHANNEL),
      new Option("--message <text>", "what people read").makeOptionMandatory(),
      new Option("--os <name>", `only devices of this system: ${PLATFORMS.join(", ")}; repeatable`).argParser(
        collectedSystem,
      ),
      new Option("--device <id>", "only the device with this id; repeatable").argParser(collected),
      new Option("--header <name=value>", "such as android-content-title=News; repeatable").argParser(
        collected,
      ),
      new Option("--ttl <seconds>", "how long it may wait for a device that is off, from 2"),
      new Option("--at-most-once", "never send a second copy, even when the first one's fate is unknown"),
      new Option("--watch", "show the progress until it has ended"),
    ],
    action: publish,
  })
}

async function publish(invocation: Invocation): Promise<number> {
  const { belfry, terminal, flags, isJson, options } = invocation
  const fields = fieldsOf(options)
  await using opened = await belfry.open(flags, "existing")
  const { applications, messages } = opened.services
  const application = await applications.get(String(options["app"]))
  const request = opened.publishRequest(String(options["channel"]), fields)
  const message = await noted(
    opened.services,
    { action: "message.publish", application: application.id, target: ({ id }) => id },
    () => messages.publish(application, request, "command line", undefined),
  )
  const { unknownDeviceIds } = message
  if (!isJson && unknownDeviceIds.length > 0) {
    terminal.note(`belfry: not registered with the channel: ${firstOf(unknownDeviceIds)}`)
  }
  if (options["watch"] !== true) {
    const published = { messageId: message.id, status: message.state, audience: message.audienceSize }
    terminal.print(
      isJson
        ? JSON.stringify({ ...published, unknownDeviceIds })
        : pairs({ ...published, audience: devicesText(message.audienceSize) }),
    )
    return EXIT.done
  }
  if (!isJson) terminal.note(message.id)
  const progress = await watch(invocation, opened, application.number, message.id)
  terminal.print(isJson ? JSON.stringify(progressJson(progress)) : progressText(progress))
  return progress.message.state === "failed" ? EXIT.failed : EXIT.done
}

/** The fields of the publish call of the Backendless dialect. */
function fieldsOf(options: Invocation["options"]): object {
  const { message, os, device, header, ttl, atMostOnce } = options
  const systems = os as readonly string[] | undefined
  return {
    message,
    ...(systems === undefined ? {} : { pushBroadcast: systems.join("|") }),
    ...(device === undefined ? {} : { pushSinglecast: device }),
    headers: Object.fromEntries(((header ?? []) as readonly string[]).map(headerOf)),
    ...(ttl === undefined ? {} : { ttlSeconds: secondsOf(String(ttl)) }),
    ...(atMostOnce === true ? { delivery: "at-most-once" } : {}),
  }
}

function secondsOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new UsageError([`--ttl is "${text}" and must be a whole number of seconds.`])
}

function headerOf(text: string): readonly [string, string] {
  const end = text.indexOf("=")
  if (end < 1) throw new UsageError([`--header is "${text}" and must be name=value.`])
  return [text.slice(0, end), text.slice(end + 1)]
}

async function watch(
  { belfry, terminal }: Invocation,
  { services }: OpenBelfry,
  application: number,
  id: string,
): Promise<MessageProgress> {
  const { clock } = belfry
  const bar = openProgress({ stream: terminal.live, clock, label: "sent" })
  const obstacles = new ObstacleNotes(terminal)
  const standstill = new StandstillNotes(clock, (text) => terminal.note(aside(terminal, text)))
  for (;;) {
    const progress = await services.messages.progress(application, id)
    const { audienceSize, state } = progress.message
    bar.update(audienceSize - progress.pending, audienceSize, countsText(progress))
    obstacles.note(progress)
    // What was under way when it was cancelled is still to be answered.
    if (isTerminal(state) && progress.pending === 0) {
      bar.end()
      return progress
    }
    standstill.note(progress)
    await clock.sleep(LOOK_MS)
  }
}

/** A note that does not go into the line of the bar. */
function aside({ live }: Invocation["terminal"], text: string): string {
  return `${live.isTTY ? "\n" : ""}belfry: ${text}`
}

/** Says what keeps devices from being sent to, each thing once: it is what somebody who waits wants to know. */
class ObstacleNotes {
  readonly #terminal: Invocation["terminal"]
  readonly #told = new Set<string>()

  constructor(terminal: Invocation["terminal"]) {
    this.#terminal = terminal
  }

  note({ obstacles }: MessageProgress): void {
    for (const { obstacle, devices } of obstacles) {
      if (this.#told.has(obstacle)) continue
      this.#told.add(obstacle)
      const who = `${devicesText(devices)} ${devices === 1 ? "waits" : "wait"}`
      const next = obstacleWords(obstacle)?.next ?? ""
      const text = `${who}. ${obstacleSentence(obstacle)} ${next}`.trimEnd()
      this.#terminal.note(aside(this.#terminal, text))
    }
  }
}

function countsText({ counts, retrying }: MessageProgress): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0)
  if (retrying > 0) parts.push(["retrying", retrying])
  return parts.map(([kind, count]) => `${kind} ${count}`).join("  ")
}

/** Enough to see what was mistyped; --json has all of them. */
function firstOf(ids: readonly string[]): string {
  const first = ids.slice(0, UNKNOWN_IDS_SHOWN).join(", ")
  const others = ids.length - UNKNOWN_IDS_SHOWN
  return others > 0 ? `${first} and ${others} more` : first
}

function progressJson({ message, counts, pending, reasons }: MessageProgress): object {
  const { id, state, audienceSize, unknownDeviceIds } = message
  return { messageId: id, status: state, audience: audienceSize, counts, pending, reasons, unknownDeviceIds }
}

function progressText({ message, counts, reasons }: MessageProgress): string {
  const reasonTexts = reasons
    .filter(({ reason }) => reason !== "")
    .map(({ kind, reason, count }) => {
      const why = kind === "expired" ? ` ${obstacleSentence(reason)}` : ""
      return `${kind}: ${reason} (${count})${why}`
    })
  const kinds = Object.entries(counts).map(([kind, count]) => [kind, String(count)])
  const text = pairs({
    status: message.state,
    audience: devicesText(message.audienceSize),
    ...Object.fromEntries(kinds),
  })
  return [text, ...reasonTexts].join("\n")
}
