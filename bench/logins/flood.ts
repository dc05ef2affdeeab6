import { openLoop } from "./open-loop.ts"

/** Logins with wrong passwords, each for another account from another address. Arguments: port, path, rate, seconds. */
const [port, path, perSecond, seconds] = process.argv.slice(2) as [string, string, string, string]

const { statuses } = await openLoop({
  port: Number(port),
  perSecond: Number(perSecond),
  seconds: Number(seconds),
  next: (index) => ({
    path,
    body: { login: `user-${process.pid}-${index}@example.com`, password: "wrong" },
    headers: { "x-forwarded-for": `198.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}` },
  }),
})
process.stdout.write(JSON.stringify(statuses))
