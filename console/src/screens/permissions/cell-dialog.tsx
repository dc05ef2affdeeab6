import type { ReactNode } from "react"
import { useMay } from "../../app/session.tsx"
import { Button } from "../../ui/button.tsx"
import { Dialog, DialogActions } from "../../ui/dialog.tsx"
import { ErrorNote } from "../../ui/error-note.tsx"
import { useUntilGone } from "../../ui/on-gone.ts"
import { say } from "../../ui/toast.tsx"
import { AccessIcon } from "./access-icon.tsx"
import { type Access, type Cell, cellOf, type Matrix, type Place, placeWords } from "./matrix.ts"
import type { Spot } from "./spot.ts"
import { useSubjectName } from "./subject-name.tsx"
import { RULE_IS_SET, useSetRule } from "./use-set-rule.ts"

interface CellDialogProps {
  readonly matrix: Matrix
  readonly place: Place
  readonly spot: Spot
  readonly onClose: () => void
  readonly onWhy: () => void
}

const CHOICES: readonly { readonly access: Access; readonly label: string }[] = [
  { access: "grant", label: "Grant" },
  { access: "deny", label: "Deny" },
  { access: "inherit", label: "Inherit" },
]

/** One field of the table: what it says, and what else it could. */
export function CellDialog({ matrix, place, spot, onClose, onWhy }: CellDialogProps): ReactNode {
  const { subject, operation } = spot
  const name = useSubjectName(subject)
  const mayAdminister = useMay("administer")
  const cell = cellOf(matrix, place, subject, operation.operation)
  const { set, isPending, error } = useSetRule(place, {
    onDone: () => {
      say(RULE_IS_SET)
      onClose()
    },
  })
  const [shown] = useUntilGone(error)
  // Who closed it while it is under way would not learn that it failed.
  const close = () => !isPending && onClose()
  return (
    <Dialog isOpen onClose={close} title={`${name}: ${operation.meaning}`}>
      <p className="soft breakable">
        The rule {placeWords(place)}
        {subject.kind === "role" && descriptionOf(matrix, subject.id)}.
      </p>
      {shown !== null && <ErrorNote error={shown} />}
      <fieldset className="access-choices">
        <legend className="visually-hidden">Access</legend>
        {CHOICES.map(({ access, label }) => (
          <button
            key={access}
            type="button"
            className="access-choice"
            aria-pressed={cell.own === access}
            disabled={!mayAdminister || isPending}
            onClick={() => set(spot, access)}
          >
            <AccessIcon own={access} inherited={cell.inherited} />
            <span>
              <strong>{label}</strong>
              <span className="small soft matrix-words">{effectOf(access, cell)}</span>
            </span>
          </button>
        ))}
      </fieldset>
      <DialogActions>
        <Button onClick={onWhy} disabled={isPending}>
          Why may somebody do this?
        </Button>
        <Button onClick={onClose} disabled={isPending}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function effectOf(access: Access, cell: Cell): string {
  if (access === "grant") return "They may, unless a rule that is asked first, or another role, denies it."
  if (access === "deny") return "They may not, whatever else of this level grants it."
  return `No rule here: ${cell.inheritedWords}.`
}

function descriptionOf(matrix: Matrix, role: string): string {
  const description = matrix.roles.find(({ name }) => name === role)?.description ?? ""
  return description === "" ? "" : `, for ${description}`
}
