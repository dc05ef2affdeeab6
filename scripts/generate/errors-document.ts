import { ERRORS, type ErrorName } from "../../src/domain/errors.ts"
import { STATUS } from "../../src/http/errors.ts"
import { GENERATED } from "./markdown.ts"

/** docs/errors.md: one section for each error, so that `errorData.docs` can link to it. */
export function errorsDocument(): string {
  const names = (Object.keys(ERRORS) as ErrorName[]).sort((a, b) => ERRORS[a].code - ERRORS[b].code)
  const sections = names.map((name) => {
    const { code, meaning, remedy } = ERRORS[name]
    return `## ${name}\n\n**${code}**, HTTP ${STATUS[name]}. ${meaning}\n\n${remedy}\n`
  })
  return [
    GENERATED,
    "# Errors",
    "",
    "Every error, on both surfaces, has the body `{code, message, errorData}`. Codes below 90000 mean what they mean in",
    "Backendless; those from 90000 up are Belfry's own. `message` says what was wrong, where, and what would be right;",
    "`errorData` repeats it for programs (`property`, `limit`, `length`), and its `docs` names the section here.",
    "",
    ...sections,
  ].join("\n")
}
