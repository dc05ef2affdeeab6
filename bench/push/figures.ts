/** Numbers of several rounds, and how they are told. */

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** `4.2 (3.9 to 4.6)`: the median, the least and the most. */
export function spread(numbers: readonly number[], digits: number): string {
  const text = (number: number) => number.toFixed(digits)
  return `${text(median(numbers))} (${text(Math.min(...numbers))} to ${text(Math.max(...numbers))})`
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
