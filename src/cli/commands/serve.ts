import { resolve } from "node:path"
import type { Command } from "commander"
import type { Belfry, RunningServer } from "../belfry.ts"
import type { AddCommand, Invocation } from "../command.ts"
import { EXIT } from "../failure.ts"
import { introductionJson, introductionText } from "../introduction-text.ts"
import { listenForStop } from "../stop-request.ts"

/**
 * What runs gets so long to finish. Orchestrators kill after ten seconds, and on a machine that is busy the rest (storing,
 * closing, ending) may take seconds: whoever is killed then leaves more in doubt than the answers of the last seconds.
 */
const DRAIN_MS = 6_000

export function addServeCommand(program: Command, belfry: Belfry, add: AddCommand): void {
  add(program, {
    usage: "serve",
    summary: "run the server",
    settings: belfry.serverSettings,
    more: `SIGTERM or SIGINT stops it: it refuses new requests, finishes what runs and
exits with 0 within ten seconds. A second signal ends it at once.`,
    action: serve,
  })
}

async function serve({ belfry, terminal, flags, isJson }: Invocation): Promise<number> {
  using stop = listenForStop(process, belfry.clock)
  const server = await belfry.serve(flags)
  const { introduction } = server
  const isDefaultDataDir = introduction.dataDir === defaultDataDir(belfry)
  terminal.print(
    isJson
      ? JSON.stringify(introductionJson(introduction))
      : introductionText(introduction, { ...belfry, isDefaultDataDir }),
  )
  const ended = await Promise.race([stop.asked, server.lost])
  if (ended instanceof Error) {
    terminal.note(`belfry: the store was lost and the server ends: ${ended.message}`)
    await closeInTime(server, belfry)
    return EXIT.failed
  }
  terminal.note(`belfry: stopping after ${ended}; what runs may finish`)
  await closeInTime(server, belfry)
  return EXIT.done
}

function defaultDataDir({ storageSettings }: Belfry): string {
  return resolve(storageSettings.find(({ name }) => name === "data-dir")?.fallback ?? "")
}

async function closeInTime(server: RunningServer, { clock }: Belfry): Promise<void> {
  const hurry = new AbortController()
  const cancel = clock.after(DRAIN_MS, () => hurry.abort())
  await server.close(hurry.signal)
  cancel()
}
