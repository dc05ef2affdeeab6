import { errorCode, StartError } from "./start-error.ts"

/** Why the server cannot listen where it was told to, in words for the operator; other errors as they are. */
export function listenFault(error: unknown, host: string, port: number): unknown {
  const message = listenMessage(errorCode(error), host, port)
  return message === undefined ? error : new StartError(message, { cause: error })
}

function listenMessage(code: string, host: string, port: number): string | undefined {
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is in use. Stop the program that has it, or choose another with --port (BELFRY_PORT).`
    case "EACCES":
      return `Port ${port} needs more rights than this user has. Choose one from 1024 on with --port (BELFRY_PORT).`
    case "EADDRNOTAVAIL":
      return `This machine has no address ${host}. Choose another with --host (BELFRY_HOST), such as 127.0.0.1.`
    // A link-local address without its interface; an address of IPv6 where there is none.
    case "EINVAL":
    case "EAFNOSUPPORT":
      return `Nobody can listen at ${host} on this machine. Choose another with --host (BELFRY_HOST), such as 127.0.0.1.`
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The host name ${host} is unknown. Choose another with --host (BELFRY_HOST), such as 127.0.0.1.`
    default:
      return undefined
  }
}

/** Where a person reaches the server; a wildcard address is reached at the loopback one. */
export function reachableUrl(host: string, port: number): string {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`
}
