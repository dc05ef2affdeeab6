/** What the process uses of its machine. */
export interface ProcessFigures {
  readonly residentBytes: number
  readonly heapBytes: number
  /** Of all threads, since the start. */
  readonly cpuSeconds: number
}

export function processFigures(): ProcessFigures {
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return { residentBytes: rss, heapBytes: heapUsed, cpuSeconds: (user + system) / 1e6 }
}
