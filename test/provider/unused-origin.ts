import { type AddressInfo, createServer as createTcpServer } from "node:net"

/** An origin on this machine where nothing listens. */
export async function unusedOrigin(): Promise<string> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `https://127.0.0.1:${port}`
}
