import { Check } from "lucide-react"
import type { ReactNode } from "react"
import { Card } from "../../ui/card.tsx"
import "./start.css"

interface StepProps {
  readonly number: number
  readonly title: string
  readonly isDone: boolean
  readonly children: ReactNode
}

export function Step({ number, title, isDone, children }: StepProps): ReactNode {
  return (
    <li className="step">
      <span className="step-mark" data-done={isDone ? "" : undefined}>
        {isDone ? <Check size={18} aria-label="Done" /> : number}
      </span>
      <Card title={title}>
        <div className="stack">{children}</div>
      </Card>
    </li>
  )
}
