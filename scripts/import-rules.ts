import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { cruise, type ICruiseOptions } from "dependency-cruiser"
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options"
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config"

/** A check that looked at nothing must not pass: fewer modules than this means that the tool did not see the tree. */
const LEAST_MODULES = 60

interface Summary {
  readonly totalCruised: number
  readonly violations: readonly {
    readonly from: string
    readonly to: string
    readonly rule: { readonly name: string }
  }[]
}

/** One line for each violation of .dependency-cruiser.cjs. Throws when the tool did not see the source. */
export async function importViolations(): Promise<readonly string[]> {
  const options = await extractDepcruiseOptions("./.dependency-cruiser.cjs")
  const tsConfig = extractTSConfig("./tsconfig.json")
  const result = await cruise(
    ["src", "console/src"],
    { ...options, validate: true } as ICruiseOptions,
    undefined,
    {
      tsConfig,
    },
  )
  const output = result.output
  if (typeof output === "string") throw new Error("the import check returned text instead of a result")
  const { totalCruised, violations } = output.summary as Summary
  if (totalCruised < LEAST_MODULES) {
    throw new Error(`the import check saw ${totalCruised} modules; there are more than ${LEAST_MODULES}`)
  }
  return violations.map(({ from, to, rule }) => `${from} → ${to} (${rule.name})`)
}

/** Proves that the check can fail: plants imports that must not be, and returns those that it did not report. */
export async function unreportedPlants(): Promise<readonly string[]> {
  const plants = [
    { folder: "src/domain", imports: "../http/errors.ts" },
    { folder: "src/domain", imports: "node:fs" },
    { folder: "src/runtime", imports: "../domain/text.ts" },
    { folder: "src/config", imports: "../service/services.ts" },
    { folder: "src/policy", imports: "../store/sqlite/sqlite-store.ts" },
    { folder: "src/service", imports: "../policy/authorize.ts" },
    { folder: "src/service", imports: "../store/sqlite/sqlite-store.ts" },
    { folder: "src/service", imports: "../domain/text.test.ts" },
    { folder: "src/delivery", imports: "../provider/apns/apns-payload.ts" },
    { folder: "src/provider", imports: "../store/store.ts" },
    { folder: "src/simulator", imports: "../provider/provider.ts" },
    { folder: "src/store/sqlite", imports: "../../service/services.ts" },
    { folder: "src/http/backendless", imports: "../admin/routes.ts" },
    { folder: "src/http/admin", imports: "../../store/store.ts" },
    // A folder that the table does not know.
    { folder: "src/http", imports: "../store/store.ts" },
    { folder: "src/store", imports: "./sqlite/sqlite-store.ts" },
    { folder: "src/cli", imports: "../http/errors.ts" },
    { folder: "src/server", imports: "../cli.ts" },
    { folder: "src/service", imports: "better-sqlite3" },
    { folder: "src/server", imports: "@node-rs/argon2" },
    { folder: "src/http", imports: "node:http" },
    { folder: "src/http", imports: "../../console/src/ui/format.ts" },
    { folder: "console/src/api", imports: "../../../src/domain/errors.ts" },
    { folder: "console/src/ui", imports: "../api/client.ts" },
    { folder: "console/src/screens/start", imports: "../overview/overview.tsx" },
  ]
  const folders = plants.map(({ folder, imports }, index) => {
    const planted = mkdtempSync(join(folder, "planted-"))
    const target = imports.startsWith(".") ? `../${imports}` : imports
    writeFileSync(
      join(planted, `planted-${index}.ts`),
      `import * as planted from "${target}"\nexport { planted }\n`,
    )
    return planted
  })
  try {
    const violations = await importViolations()
    return folders.flatMap((folder, index) =>
      violations.some((line) => line.startsWith(`${folder}/`))
        ? []
        : [`${plants[index]?.folder} → ${plants[index]?.imports}`],
    )
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true })
  }
}
