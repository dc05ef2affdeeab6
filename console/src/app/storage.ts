/** What this browser remembers. It may refuse to: then nothing is remembered, and nothing fails. */

export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(`belfry.${name}`) ?? undefined
  } catch {
    return undefined
  }
}

export function remember(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`belfry.${name}`)
    else localStorage.setItem(`belfry.${name}`, value)
  } catch {
    // As above.
  }
}
