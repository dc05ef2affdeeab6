import { RotateCw } from "lucide-react"
import { type ReactNode, useState } from "react"
import { useLocation } from "wouter"
import { api, type Schema } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { messagePath } from "../../app/paths.ts"
import { Button } from "../../ui/button.tsx"
import { Confirm } from "../../ui/confirm.tsx"
import { CheckField } from "../../ui/field.tsx"
import { countOf } from "../../ui/format.ts"
import { say } from "../../ui/toast.tsx"
import { outcomeName } from "./outcome-words.ts"
import type { Report } from "./report.ts"

type Resendable = NonNullable<Schema<"Resend">["outcomes"]>[number]

/** What may be sent again, and whether that is what one usually wants. */
const CHOICES: readonly { readonly kind: Resendable; readonly isUsual: boolean; readonly hint: string }[] = [
  { kind: "retries_exhausted", isUsual: true, hint: "The provider could not be reached in time." },
  { kind: "credential_refused", isUsual: true, hint: "Correct the credential first." },
  {
    kind: "expired",
    isUsual: false,
    hint: "Its time was over before it was sent: is it still worth reading?",
  },
  { kind: "cancelled", isUsual: false, hint: "Nothing was sent to them, because somebody cancelled it." },
  { kind: "payload_rejected", isUsual: false, hint: "The same content will be rejected again." },
  { kind: "suppressed", isUsual: false, hint: "Those without a credential; the others are left out." },
]

interface Choice {
  readonly kind: Resendable
  readonly isUsual: boolean
  readonly hint: string
  readonly count: number
}

/** Sends it again to those that it failed for; nobody who may have it gets it twice. */
export function SendAgain({ report }: { readonly report: Report }): ReactNode {
  const choices = choicesOf(report)
  const [isAsking, setAsking] = useState(false)
  if (choices.length === 0) return null
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        <RotateCw size={16} aria-hidden />
        Send again…
      </Button>
      {isAsking && <Question report={report} choices={choices} onClose={() => setAsking(false)} />}
    </>
  )
}

/** Of those suppressed, only the ones without a credential can get it now. */
function choicesOf({ counts, reasons }: Report): readonly Choice[] {
  const withoutCredential =
    reasons.find(({ kind, reason }) => kind === "suppressed" && reason === "no_credential")?.count ?? 0
  return CHOICES.map((choice) => ({
    ...choice,
    count: choice.kind === "suppressed" ? withoutCredential : counts[choice.kind],
  })).filter(({ count }) => count > 0)
}

interface QuestionProps {
  readonly report: Report
  readonly choices: readonly Choice[]
  readonly onClose: () => void
}

function Question({ report: { messageId }, choices, onClose }: QuestionProps): ReactNode {
  const { applicationId } = useApplication()
  const [, navigate] = useLocation()
  // One key for as long as the question is open: trying once more after a lost answer sends nothing twice.
  const [key] = useState(() => crypto.randomUUID())
  const [chosen, setChosen] = useState<readonly Resendable[]>(() =>
    choices.filter(({ isUsual }) => isUsual).map(({ kind }) => kind),
  )
  const resend = api.useMutation(
    "post",
    "/admin/v1/applications/{applicationId}/messages/{messageId}/resend",
    {
      onSuccess: ({ messageId: next, audience, departed }) => {
        say(
          `Sent again to ${countOf(audience, "device")}.${departed > 0 ? ` ${countOf(departed, "other")} left since.` : ""}`,
        )
        navigate(messagePath(applicationId, next))
      },
    },
  )
  const count = choices.reduce((sum, one) => sum + (chosen.includes(one.kind) ? one.count : 0), 0)
  const choose = (kind: Resendable, isChosen: boolean) =>
    setChosen(isChosen ? [...chosen, kind] : chosen.filter((one) => one !== kind))
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={count === 0 ? "Send it again to whom?" : `Send it again to ${countOf(count, "device")}?`}
      action="Send again"
      look="primary"
      isDisabled={count === 0}
      isBusy={resend.isPending}
      error={resend.error}
      onConfirm={() =>
        resend.mutate({
          params: { path: { applicationId, messageId }, header: { "Idempotency-Key": key } },
          body: { outcomes: [...chosen].sort() },
        })
      }
    >
      <p>It becomes a message of its own, with the same content. Nobody who may have got it gets it twice.</p>
      <fieldset className="stack-tight">
        <legend className="field-label">For whom it ended with</legend>
        {choices.map(({ kind, count: devices, hint }) => (
          <CheckField
            key={kind}
            label={`${outcomeName(kind)} (${countOf(devices, "device")})`}
            hint={hint}
            checked={chosen.includes(kind)}
            onChange={({ target }) => choose(kind, target.checked)}
          />
        ))}
      </fieldset>
    </Confirm>
  )
}
