/**
 * Whenever what had the focus goes from the page, such as the row of what was deleted, keyboard and screen reader go on from the
 * heading of the screen, and not from nowhere. Returns what ends it.
 */
export function keepFocus(): () => void {
  let last: EventTarget | null = null
  const note = ({ target }: FocusEvent) => {
    last = target
  }
  const look = () => {
    if (!(last instanceof Element) || last.isConnected || document.activeElement !== document.body) return
    last = null
    document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true })
  }
  // A dialog that goes hands the focus back by itself, at the end of the same task.
  const observer = new MutationObserver(() => queueMicrotask(look))
  document.addEventListener("focusin", note)
  observer.observe(document.body, { childList: true, subtree: true })
  return () => {
    observer.disconnect()
    document.removeEventListener("focusin", note)
  }
}
