import { connect as connectTcp, isIP, type Socket } from "node:net"
import { connect as connectTls } from "node:tls"

/** A socket on its way to the peer: over TLS, offering HTTP/2 and nothing else, unless the URL says `http:`. */
export function openSocket(url: URL, ca: string | undefined): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, "")
  if (url.protocol === "http:") return connectTcp({ host, port: Number(url.port || 80) })
  return connectTls({
    host,
    port: Number(url.port || 443),
    ALPNProtocols: ["h2"],
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
  })
}
