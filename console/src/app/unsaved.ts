/** What is kept in this page alone, on whatever screen it was written or begun: reloading or closing the page loses it. */
const unsaved = new Set<string>()

/** Notes that what goes by that name is unsaved, or no longer is. While anything is, the browser asks before it is lost. */
export function noteUnsaved(name: string, isUnsaved: boolean): void {
  if (isUnsaved) unsaved.add(name)
  else unsaved.delete(name)
  if (unsaved.size > 0) addEventListener("beforeunload", ask)
  else removeEventListener("beforeunload", ask)
}

/** The page is about to be left for good, because whose it was signed out: there is nothing to ask. */
export function leaveUnasked(): void {
  removeEventListener("beforeunload", ask)
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
