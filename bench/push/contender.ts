import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { ApnsTestCredential } from "../../src/simulator/test-credentials.ts"
import type { Receiver } from "./receiver.ts"

/** Something that sends: a process of its own, which is told how many pushes to send and says when they are answered. */
export interface Contender extends AsyncDisposable {
  readonly name: string
  readonly pid: number
  /** The most that one run can send. */
  readonly pushesMax: number
  run(pushes: number): Promise<RunResult>
}

export interface RunResult {
  /** Pushes that were sent, of which `failed` were not accepted. */
  readonly pushes: number
  readonly failed: number
  readonly seconds: number
}

/** What a sending script is started with. */
export interface ScriptSetup {
  readonly port: number
  readonly origin: string
  readonly ca: string
  readonly apns: ApnsTestCredential
  readonly tokens: number
}

export interface ScriptResult {
  readonly failed: number
  readonly seconds: number
}

const MESSAGE = "Sent by the benchmark of pushes, with a text of about the length of a notification."
export const TITLE = "Benchmark"

/** The published message, the same for all contenders. */
export function benchMessage(): string {
  return MESSAGE
}

/** A contender whose work is a script beside this file (see serve-runs.ts). */
export async function openScript(name: string, script: string, setup: ScriptSetup): Promise<Contender> {
  const child = fork(fileURLToPath(new URL(`./${script}`, import.meta.url)), [JSON.stringify(setup)])
  const answer = <Answer>() =>
    new Promise<Answer>((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`${name} ended with ${code}`))
      child.once("exit", ended)
      child.once("message", (message) => {
        child.off("exit", ended)
        resolve(message as Answer)
      })
    })
  await answer()
  return {
    name,
    pid: child.pid ?? 0,
    pushesMax: setup.tokens,
    async run(pushes) {
      const result = answer<ScriptResult>()
      child.send(pushes)
      return { pushes, ...(await result) }
    },
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once("exit", resolve))
      child.kill()
      await ended
    },
  }
}

export function setupFor(receiver: Receiver, apns: ApnsTestCredential, tokens: number): ScriptSetup {
  const { port, origin, ca } = receiver
  return { port, origin, ca, apns, tokens }
}
