/** CSV as RFC 4180 has it, in pieces of any size: rows with the line of the file on which each begins. */

export interface CsvRow {
  /** The first one is 1. */
  readonly line: number
  readonly fields: readonly string[]
}

/** What spreadsheets put between fields: which one depends on the country. */
const DELIMITERS = [",", ";", "\t"] as const

/** In characters. Longer than any registration: a row that does not end within them has a quote that is not closed. */
const ROW_MAX = 500_000

export class CsvRows {
  #delimiter: string | undefined
  /** What belongs to a row whose end has not been seen. */
  #rest = ""
  #line = 1

  /** The rows that end in what has been given so far; blank ones are left out. Throws when a quote is not closed. */
  next(text: string): CsvRow[] {
    return this.#take(this.#rest + text, false)
  }

  /** The last row, when no line break follows it. */
  end(): CsvRow[] {
    return this.#take(this.#rest, true)
  }

  #take(text: string, isEnd: boolean): CsvRow[] {
    const rows: CsvRow[] = []
    let at = 0
    while (at < text.length) {
      this.#delimiter ??= delimiterOf(text, isEnd)
      const row = this.#delimiter === undefined ? undefined : rowAt(text, at, this.#delimiter, isEnd)
      if (row === undefined) break
      if (row.fields.some((field) => field.trim() !== "")) rows.push({ line: this.#line, fields: row.fields })
      this.#line += row.lines
      at = row.end
    }
    this.#rest = text.slice(at)
    if (this.#rest !== "" && (isEnd || this.#rest.length > ROW_MAX)) throw unclosed(this.#line)
    return rows
  }
}

function unclosed(line: number): Error {
  return new Error(
    `The row that begins on line ${line} has a quote that is not closed, or text after a closing quote. Mend the line, or save the file as CSV again.`,
  )
}

/** The one that the first line has most of; undefined while that line has not ended. */
function delimiterOf(text: string, isEnd: boolean): string | undefined {
  const end = text.search(/[\r\n]/)
  if (end < 0 && !isEnd) return undefined
  const head = end < 0 ? text : text.slice(0, end)
  const count = (delimiter: string) => head.split(delimiter).length
  return DELIMITERS.reduce((best, one) => (count(one) > count(best) ? one : best))
}

interface FoundRow {
  readonly fields: readonly string[]
  /** Where the next row begins. */
  readonly end: number
  /** How many lines it takes: a quoted field may hold line breaks. */
  readonly lines: number
}

/** The row that begins at a place; undefined when it does not end within the text. */
function rowAt(text: string, begin: number, delimiter: string, isEnd: boolean): FoundRow | undefined {
  const fields: string[] = []
  let lines = 1
  for (let at = begin; ; ) {
    const field = text[at] === '"' ? quotedAt(text, at) : plainAt(text, at, delimiter)
    if (field === undefined) return undefined
    fields.push(field.text)
    lines += field.breaks
    const follower = text[field.end]
    if (follower === delimiter) {
      at = field.end + 1
    } else if (follower === undefined) {
      return isEnd ? { fields, end: field.end, lines } : undefined
    } else {
      const end = breakEnd(text, field.end, isEnd)
      return end === undefined ? undefined : { fields, end, lines }
    }
  }
}

interface FoundField {
  readonly text: string
  /** The place of the delimiter or line break that follows, or the end of the text. */
  readonly end: number
  readonly breaks: number
}

function plainAt(text: string, begin: number, delimiter: string): FoundField {
  let end = begin
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++
  return { text: text.slice(begin, end), end, breaks: 0 }
}

/** Undefined when the closing quote is not there. */
function quotedAt(text: string, begin: number): FoundField | undefined {
  for (let at = begin + 1; ; at += 2) {
    at = text.indexOf('"', at)
    if (at < 0) return undefined
    if (text[at + 1] === '"') continue
    const inside = text.slice(begin + 1, at).replaceAll('""', '"')
    return { text: inside, end: at + 1, breaks: inside.match(/\r\n|\r|\n/g)?.length ?? 0 }
  }
}

/** Behind a line break; undefined when there is none here, or its second half may still come. */
function breakEnd(text: string, at: number, isEnd: boolean): number | undefined {
  if (text[at] === "\n") return at + 1
  if (text[at] !== "\r") return undefined
  if (text[at + 1] === "\n") return at + 2
  return at + 1 < text.length || isEnd ? at + 1 : undefined
}
