import { writeFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { type Command, Option } from "commander"
import { makeDirectory } from "../../server/make-directory.ts"
import { reasonOf } from "../../server/start-error.ts"
import type { Belfry, RunningSimulators } from "../belfry.ts"
import type { AddCommand, Invocation } from "../command.ts"
import { EXIT, UsageError } from "../failure.ts"
import { listenForStop } from "../stop-request.ts"
import { pairs, shellWord } from "../terminal.ts"

/** The control server's port and those of the four origins after it. */
const PORT_MAX = 65_535 - 4

export function addSimulateCommand(program: Command, belfry: Belfry, add: AddCommand): void {
  add(program, {
    usage: "simulate",
    summary: "run the simulators of APNs, FCM and WNS alone; prints their origins and test credentials",
    settings: belfry.storageSettings.filter(({ name }) => name === "data-dir"),
    options: [
      new Option(
        "--port <port>",
        "port of the control server; the providers take the four after it [free ones]",
      ),
      new Option(
        "--credentials-dir <dir>",
        "also write the test credentials as the files that `credentials set` takes",
      ),
    ],
    more: `The simulators keep nothing: --data-dir is taken because every command takes
it, and means nothing here.`,
    action: simulate,
  })
}

async function simulate({ belfry, terminal, isJson, options }: Invocation): Promise<number> {
  using stop = listenForStop(process, belfry.clock)
  const directory = options["credentialsDir"]
  await using simulators = await belfry.simulate(portIn(options["port"]))
  const commands = typeof directory === "string" ? await writeCredentials(simulators, resolve(directory)) : []
  const { controlOrigin, origins, caCertificatePem, credentials } = simulators
  terminal.print(
    isJson
      ? JSON.stringify({ controlOrigin, origins, caCertificatePem, credentials })
      : [simulatorsText(simulators), ...commands.map((command) => `${belfry.calledAs} ${command}`)].join(
          "\n\n",
        ),
  )
  await stop.asked
  return EXIT.done
}

function portIn(text: unknown): number | undefined {
  if (text === undefined) return undefined
  const port = typeof text === "string" && /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port >= 1 && port <= PORT_MAX) return port
  throw new UsageError([`--port is "${text}" and must be a whole number from 1 to ${PORT_MAX}.`])
}

function simulatorsText({
  controlOrigin,
  origins,
  caCertificatePem,
  credentials,
}: RunningSimulators): string {
  const { apns, fcm, wns } = credentials
  return [
    "The simulators run.",
    pairs({
      "APNs, production": origins.apns,
      "APNs, sandbox": origins.apnsSandbox,
      FCM: origins.fcm,
      WNS: origins.wns,
      "Control (GET / lists its routes)": controlOrigin,
    }),
    `Certificate to trust:\n${caCertificatePem.trim()}`,
    `APNs: key id ${apns.keyId}, team id ${apns.teamId}, topic ${apns.topic}, key:\n${apns.privateKey.trim()}`,
    `FCM, service account:\n${JSON.stringify(fcm, null, 2)}`,
    `WNS: tenant id ${wns.tenantId}, client id ${wns.clientId}, client secret ${wns.clientSecret}`,
  ].join("\n\n")
}

function refuseDirectory(path: string, what: "made" | "written", error: unknown): never {
  throw new UsageError([`--credentials-dir: ${path} cannot be ${what}: ${reasonOf(error)}.`])
}

/** Writes the files and returns the commands that set them, ready to paste but for the application's id. */
async function writeCredentials(
  { origins, caCertificatePem, credentials }: RunningSimulators,
  directory: string,
): Promise<readonly string[]> {
  const { apns, fcm, wns } = credentials
  await makeDirectory(directory).catch((error) => refuseDirectory(directory, "made", error))
  const write = async (name: string, content: string) => {
    const file = join(directory, name)
    await writeFile(file, content, { mode: 0o600 }).catch((error) => refuseDirectory(file, "written", error))
    return shellWord(file)
  }
  const ca = await write("simulator-ca.pem", caCertificatePem)
  const key = await write("AuthKey.p8", apns.privateKey)
  const account = await write("service-account.json", `${JSON.stringify(fcm, null, 2)}\n`)
  const secret = await write("client-secret.txt", wns.clientSecret)
  return [
    `credentials set apns --app ID --key-file ${key} --key-id ${apns.keyId} --team-id ${apns.teamId} --topic ${apns.topic} --origin ${origins.apns} --ca-file ${ca}`,
    `credentials set fcm --app ID --service-account ${account} --origin ${origins.fcm} --ca-file ${ca}`,
    `credentials set wns --app ID --tenant-id ${wns.tenantId} --client-id ${wns.clientId} --client-secret-file ${secret} --origin ${origins.wns} --ca-file ${ca}`,
  ]
}
