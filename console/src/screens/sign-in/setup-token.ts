const SETUP = /^#setup=([A-Za-z0-9_-]+)$/

/** The token of the setup link `/console/#setup=…`. It is after the fragment sign, so that no proxy sees or logs it. */
export function setupToken(): string | undefined {
  return SETUP.exec(location.hash)?.[1]
}
