import { SETTING_GROUPS, settingRows } from "../../src/config/settings.ts"
import { GENERATED, table } from "./markdown.ts"

/** docs/config.md: every setting, from the table that the server reads. */
export function configDocument(): string {
  const rows = settingRows()
  const sections = SETTING_GROUPS.map(({ title }) => {
    const cells = rows
      .filter((row) => row.group === title)
      .map((row) => [
        row.flag === undefined ? "" : `\`${row.flag}\``,
        `\`${row.environment}\``,
        row.fallback,
        row.meaning,
      ])
    return `## ${title}\n\n${table(["flag", "environment", "default", "meaning"], cells)}\n`
  })
  return [
    GENERATED,
    "# Settings",
    "",
    "A flag goes before the environment, the environment before the default.",
    "",
    ...sections,
  ].join("\n")
}
