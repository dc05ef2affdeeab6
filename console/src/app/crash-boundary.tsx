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

/**
 * Keeps a mistake of one screen on that screen. Code that does not come is the usual reason: the server restarts, or a newer
 * version replaced it.
 */
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
        Either the server does not answer at the moment, or the Console was updated since this page was
        opened: reload the page once the server is there. If it stays, report this:{" "}
        <code className="breakable">{error.message}</code>
      </Note>
    )
  }
}
