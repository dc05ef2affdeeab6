import { readFileSync } from "node:fs"

const read = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8")

/** For servers on localhost, 127.0.0.1 and ::1; trusted by whoever takes it as its authority. Valid until 2120. */
export const LOOPBACK_TLS = { key: read("loopback-key.pem"), cert: read("loopback-cert.pem") }

/** An authority that signed none of our certificates. */
export const OTHER_AUTHORITY = read("other-authority.pem")
