import { Check, Copy } from "lucide-react"
import { type ReactNode, useEffect, useState } from "react"
import { IconButton } from "./button.tsx"
import { complain, say } from "./toast.tsx"
import "./copy.css"

const SHOWN_MS = 2000

interface CopyButtonProps {
  readonly text: string
  /** What is copied: "the application id". */
  readonly what: string
}

export function CopyButton({ text, what }: CopyButtonProps): ReactNode {
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
      say(`Copied ${what}.`)
    } catch {
      complain(
        new Error(`The browser did not let this page copy ${what}. Select the text and copy it by hand.`),
      )
    }
  }
  return (
    <IconButton label={`Copy ${what}`} onClick={() => void copy()}>
      {isCopied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
    </IconButton>
  )
}

/** An id or key with its button. */
export function Copyable({ text, what }: CopyButtonProps): ReactNode {
  return (
    <span className="copyable">
      <code className="breakable">{text}</code>
      <CopyButton text={text} what={what} />
    </span>
  )
}

interface SnippetProps extends CopyButtonProps {
  /** Text, whose lines may be broken anywhere. */
  readonly isProse?: boolean
}

/** Lines of code to be pasted elsewhere. */
export function Snippet({ text, what, isProse = false }: SnippetProps): ReactNode {
  return (
    <div className="snippet" data-prose={isProse ? "" : undefined}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard (WCAG 2.1.1). */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} what={what} />
    </div>
  )
}
