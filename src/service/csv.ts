/** Device lists for spreadsheets and scripts: RFC 4180, with texts that no spreadsheet takes for a formula. */

/** What spreadsheets run, and the quote itself, so that taking one leading quote off gives every text back. */
const NEEDS_QUOTE = /^[=+\-@＝＋－＠'\t\r\n]/
const NEEDS_ENCLOSING = /[",\r\n]/

/** One line with its end. A number is written as it is; undefined is an empty field. */
export function csvLine(fields: readonly (string | number | undefined)[]): string {
  return `${fields.map(field).join(",")}\r\n`
}

function field(value: string | number | undefined): string {
  if (value === undefined) return ""
  if (typeof value === "number") return String(value)
  const harmless = NEEDS_QUOTE.test(value) ? `'${value}` : value
  return NEEDS_ENCLOSING.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** Several texts in one field: joined with `;`, which has a `\` before it inside of a text, as has a `\`. */
export function csvList(texts: readonly string[]): string {
  return texts.map((text) => text.replace(/[\\;]/g, "\\$&")).join(";")
}
