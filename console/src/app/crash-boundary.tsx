import { Component, type ReactNode } from "react"
import { Button } from "../ui/button.tsx"
import { Note } from "../ui/note.tsx"

interface CrashBoundaryProps {
  /** The crash is over when it changes: another address. */
  readonly at: string
  readonly children: ReactNode
}

interface Crash {
  readonly at: string
  readonly error: Error | undefined
}

/** Keeps a mistake of one screen on that screen. A chunk that a newer version replaced is the usual reason. */
export class CrashBoundary extends Component<CrashBoundaryProps, Crash> {
  override state: Crash = { at: this.props.at, error: undefined }

  static getDerivedStateFromError(error: Error): Partial<Crash> {
    return { error }
  }

  static getDerivedStateFromProps({ at }: CrashBoundaryProps, state: Crash): Crash | null {
    return at === state.at ? null : { at, error: undefined }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <Note
        tone="bad"
        role="alert"
        title="This screen cannot be shown"
        actions={<Button onClick={() => location.reload()}>Reload the page</Button>}
      >
        The Console may have been updated since this page was opened: reloading mends that. If it stays,
        report this: <code>{error.message}</code>
      </Note>
    )
  }
}
