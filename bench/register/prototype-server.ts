import { createServer, type ServerResponse } from "node:http"
import { Worker } from "node:worker_threads"
import type { PrototypeRegistration } from "./prototype-store.ts"

/**
 * The prototype from which the bar was taken before there was a Belfry: node:http, two checks, and a
 * store in a thread that commits a group as soon as the one before is on the disk. Arguments: the port, the database file.
 */
const ANSWER = JSON.stringify({ registrationId: `${"0".repeat(36)}::big,${"0".repeat(36)}::c1` })
const HEADERS = { "content-type": "application/json", "content-length": ANSWER.length }

const store = new Worker(new URL("./prototype-store.ts", import.meta.url), { workerData: process.argv[3] })
let registrations: PrototypeRegistration[] = []
let responses: ServerResponse[] = []
let isScheduled = false
let isCommitting = false
let answerGroup = () => {}

function add(registration: PrototypeRegistration, response: ServerResponse): void {
  registrations.push(registration)
  responses.push(response)
  if (isCommitting || isScheduled) return
  isScheduled = true
  setImmediate(flush)
}

function flush(): void {
  isScheduled = false
  if (registrations.length === 0) return
  const group = responses
  answerGroup = () => {
    for (const response of group) response.writeHead(200, HEADERS).end(ANSWER)
  }
  isCommitting = true
  store.postMessage(registrations)
  registrations = []
  responses = []
}

store.on("message", () => {
  isCommitting = false
  const answer = answerGroup
  flush()
  answer()
})

const server = createServer((request, response) => {
  if (request.method === "GET") {
    response.end()
    return
  }
  const chunks: Buffer[] = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => {
    const body = JSON.parse((chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString())
    const isComplete = typeof body.deviceId === "string" && typeof body.deviceToken === "string"
    if (isComplete) add(body, response)
    else response.writeHead(400).end("{}")
  })
})
server.listen(Number(process.argv[2]), "127.0.0.1")
