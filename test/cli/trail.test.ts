import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import Database from "better-sqlite3"
import { expect, test } from "vitest"
import { Workspace } from "./belfry-process.ts"

interface Created {
  readonly applicationId: string
}

interface Key {
  readonly number: number
}

test("every command that changes something, or shows keys, leaves its trace as the management API does", async () => {
  await using workspace = await Workspace.open()
  const { applicationId: id } = await workspace.json<Created>("app", "create", "Shop")
  await workspace.json("app", "list")
  await workspace.json("app", "show", id)
  const { number } = await workspace.json<Key>("app", "key", "create", id, "--kind", "REST")
  await workspace.json("app", "key", "list", id)
  await workspace.json("app", "key", "list", id, "--reveal")
  await workspace.json("app", "key", "change", id, String(number), "--label", "CI")
  await workspace.json("app", "key", "regenerate", id, String(number))
  await workspace.json("app", "key", "revoke", id, String(number))
  await workspace.json("app", "host", "add", id, "Push.Example")
  await workspace.json("app", "host", "list", id)
  await workspace.json("app", "host", "remove", "Push.Example")
  await writeFile(join(workspace.path, "secret"), "x".repeat(40))
  const wns = ["--tenant-id", crypto.randomUUID(), "--client-id", crypto.randomUUID()]
  await workspace.json("credentials", "set", "wns", "--app", id, ...wns, "--client-secret-file", "secret")
  await workspace.json("credentials", "resume", "wns", "--app", id)
  await workspace.json("credentials", "remove", "wns", "--app", id)
  const { messageId } = await workspace.json<{ messageId: string }>("publish", "--app", id, "--message", "Hi")
  await workspace.json("app", "delete", id)

  const database = new Database(join(workspace.dataDir, "belfry.db"), { readonly: true })
  const entries = database
    .prepare("select actor, action, application, target from audit order by number")
    .all()
  database.close()
  const entry = (action: string, target: string, application: string | null = id) => ({
    actor: "command line",
    action,
    application,
    target,
  })
  expect(entries).toEqual([
    entry("application.create", id, null),
    entry("key.reveal", "the first key of each type"),
    entry("key.create", `REST ${number}`),
    entry("key.reveal", "all keys"),
    entry("key.change", `REST ${number} label`),
    entry("key.regenerate", `REST ${number}`),
    entry("key.revoke", String(number)),
    entry("host.bind", "push.example"),
    entry("host.unbind", "push.example", null),
    entry("credential.set", "wns"),
    entry("credential.resume", "wns"),
    entry("credential.remove", "wns"),
    entry("message.publish", messageId),
    entry("application.delete", ""),
  ])
})
