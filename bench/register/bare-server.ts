import { createServer } from "node:http"

/** The yardstick: node:http that parses the same body and answers as much, without keeping anything. Argument: the port. */
const ANSWER = JSON.stringify({ registrationId: `${"0".repeat(36)}::big,${"0".repeat(36)}::c1` })

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
    const answer = isComplete ? ANSWER : "{}"
    response.writeHead(isComplete ? 200 : 400, {
      "content-type": "application/json",
      "content-length": answer.length,
    })
    response.end(answer)
  })
})
server.listen(Number(process.argv[2]), "127.0.0.1")
