import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { processorSeconds } from "./machine.ts"
import { CHANNELS } from "./random-device.ts"

/** Load from a process of its own: wrk where it is installed, else node sockets, which cost several times as much. */

export interface Target {
  readonly port: number
  readonly path: string
  /** Each request carries one of them, by chance; none unless given. */
  readonly userTokens?: readonly string[]
}

export interface LoadResult {
  readonly requestsPerSecond: number
  /** Answers that are not 2xx, and connections that failed. */
  readonly failures: number
  /** Of the generator. */
  readonly processorSeconds: number
}

export interface Generator {
  readonly name: string
  run(target: Target, connections: number, seconds: number): Promise<LoadResult>
}

const WRK_SCRIPT = `
math.randomseed(tonumber(os.getenv("SEED")))
local random, format = math.random, string.format
local function hex8() return format("%08x", random(0, 4294967295)) end
local path, headers = os.getenv("TARGET"), { ["content-type"] = "application/json" }
local tokens = {}
for token in (os.getenv("TOKENS") or ""):gmatch("[^,]+") do tokens[#tokens + 1] = token end
request = function()
  if #tokens > 0 then headers["user-token"] = tokens[random(#tokens)] end
  local token = hex8() .. hex8() .. hex8() .. hex8() .. hex8() .. hex8() .. hex8() .. hex8()
  local a, b, c, d = hex8(), hex8(), hex8(), hex8()
  local id = a .. "-" .. b:sub(1, 4) .. "-" .. b:sub(5, 8) .. "-" .. c:sub(1, 4) .. "-" .. c:sub(5, 8) .. d
  return wrk.format("POST", path, headers, '{"deviceToken":"' .. token .. '","deviceId":"' .. id ..
    '","os":"ANDROID","osVersion":"14","channels":["big","c' .. random(${CHANNELS}) .. '"]}')
end
done = function(summary, latency)
  local e = summary.errors
  io.write(format("RESULT %d %d %d\\n", summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout))
end
`

export function chooseGenerator(folder: string): Generator {
  if (spawnSync("wrk", ["-v"]).error !== undefined) return { name: "node sockets", run: runNodeSockets }
  const script = join(folder, "register.lua")
  writeFileSync(script, WRK_SCRIPT)
  return { name: "wrk", run: (...load) => runWrk(script, ...load) }
}

/** So that no two runs of the generator send the same devices. */
let seed = process.pid * 65_536 + (Number(process.hrtime.bigint() / 1_000_000n) % 65_536)

async function runWrk(
  script: string,
  target: Target,
  connections: number,
  seconds: number,
): Promise<LoadResult> {
  const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "-s", script, `http://127.0.0.1:${target.port}`]
  const { output, processorSeconds } = await finished(
    spawn("wrk", args, {
      env: {
        ...process.env,
        SEED: String(++seed),
        TARGET: target.path,
        TOKENS: (target.userTokens ?? []).join(","),
      },
    }),
  )
  const result = /RESULT (\d+) (\d+) (\d+)/.exec(output)
  if (result === null) throw new Error(`wrk did not finish:\n${output}`)
  const [requests, micros, failures] = result.slice(1).map(Number) as [number, number, number]
  return { requestsPerSecond: (requests / micros) * 1e6, failures, processorSeconds }
}

async function runNodeSockets(target: Target, connections: number, seconds: number): Promise<LoadResult> {
  const script = new URL("./node-sockets.ts", import.meta.url).pathname
  const args = [
    script,
    String(target.port),
    target.path,
    String(connections),
    String(seconds),
    ...(target.userTokens ?? []),
  ]
  const { output, processorSeconds } = await finished(spawn(process.execPath, args))
  return { ...(JSON.parse(output) as Pick<LoadResult, "requestsPerSecond" | "failures">), processorSeconds }
}

/** The processor time is that of about the last tenth of a second before the end. */
async function finished(child: ChildProcess): Promise<{ output: string; processorSeconds: number }> {
  let output = ""
  let seen = 0
  child.stdout?.on("data", (chunk) => {
    output += chunk
  })
  child.stderr?.on("data", (chunk) => {
    output += chunk
  })
  const look = setInterval(() => {
    seen = Math.max(seen, processorSeconds(child.pid as number).total)
  }, 100)
  const code = await new Promise((resolve, reject) => child.on("close", resolve).on("error", reject))
  clearInterval(look)
  if (code !== 0) throw new Error(`the generator failed (${code}):\n${output}`)
  return { output, processorSeconds: seen }
}
