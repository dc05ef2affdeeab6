import { buildConsole } from "../../console/build.ts"

export const CONSOLE_FOLDER = "console/dist"

/** console/dist: the Console as the server ships it. */
export async function consoleFiles(): Promise<Record<string, string>> {
  const files = await buildConsole()
  return Object.fromEntries([...files].map(([name, text]) => [`${CONSOLE_FOLDER}/${name}`, text]))
}
