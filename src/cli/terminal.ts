/** Where a command writes: results on standard output, everything else on standard error. */
export interface Terminal {
  /** A line of the result. */
  print(text: string): void
  /** A line for the person who waits. */
  note(text: string): void
  /** Standard error as it is, for what redraws itself. */
  readonly live: LiveStream
}

export interface LiveStream {
  readonly isTTY: boolean
  /** Characters in a line. */
  readonly columns: number
  write(text: string): void
}

/** Rows in aligned columns, the first of them the heading. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}

/** Names and values, one pair a line, the values aligned. */
export function pairs(values: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(values).map((name) => name.length))
  return Object.entries(values)
    .map(([name, value]) => `${name.padEnd(width)}  ${value}`)
    .join("\n")
}

const INSTANT = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium", timeZone: "UTC" })

/** An instant (ms since 1970) for people: `2027-01-31 12:00:00 UTC`. */
export function instantText(ms: number): string {
  return `${INSTANT.format(ms)} UTC`
}

export function devicesText(count: number): string {
  return count === 1 ? "1 device" : `${count} devices`
}

/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
