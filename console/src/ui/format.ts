/** The page is in English: dates and numbers follow the reader's own English, or British usage. */
export const LOCALE: string = navigator.languages.find((language) => language.startsWith("en")) ?? "en-GB"

const COUNT = new Intl.NumberFormat(LOCALE)
const SHARE = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1 })

export function formatCount(count: number): string {
  return COUNT.format(count)
}

/** `1 device`, `2 devices`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`
}

/** `is` after one, `are` after any other number. */
export function verbOf(count: number, one: string, many: string): string {
  return count === 1 ? one : many
}

/** Smaller ones are shown as less than this, so that few never look like none. */
const SHARE_MIN = 0.001

/** "12.5%"; nothing of nothing is 0%. */
export function formatShare(part: number, whole: number): string {
  if (part > 0 && part / whole < SHARE_MIN) return `<${SHARE.format(SHARE_MIN)}`
  return SHARE.format(whole === 0 ? 0 : part / whole)
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const kilobytes = bytes / 1024
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)} kB` : `${(kilobytes / 1024).toFixed(1)} MB`
}
