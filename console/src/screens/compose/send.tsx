import { useQueryClient } from "@tanstack/react-query"
import { Send } from "lucide-react"
import { type ReactNode, useRef, useState } from "react"
import { useLocation } from "wouter"
import { api, client } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { excerpt } from "../../app/message-title.ts"
import { messagePath } from "../../app/paths.ts"
import { useMay } from "../../app/session.tsx"
import { Button } from "../../ui/button.tsx"
import { Confirm } from "../../ui/confirm.tsx"
import { ErrorNote } from "../../ui/error-note.tsx"
import { countOf } from "../../ui/format.ts"
import { Note } from "../../ui/note.tsx"
import { say } from "../../ui/toast.tsx"
import type { Publish } from "./draft.ts"
import { type Reach, reachInWords, reachOf } from "./reach.ts"
import type { Preview } from "./use-preview.ts"

/** So many real phones ring only after the number was typed. */
const TYPED_FROM = 1000

interface SendProps {
  readonly body: Publish
  /** Nothing was written yet. */
  readonly isBlank: boolean
  readonly onSent: () => void
  readonly children: ReactNode
}

/** What is asked before it is sent: counted in the moment of asking. */
interface Question {
  readonly body: Publish
  readonly total: number
  readonly reach: Reach
}

export function SendBar({ body, isBlank, onSent, children }: SendProps): ReactNode {
  const mayOperate = useMay("operate")
  const [question, setQuestion] = useState<Question>()
  const { ask, isAsking, error } = useAsk(setQuestion)
  const sending = useSending(onSent)
  return (
    <div className="stack-tight">
      {error !== null && <ErrorNote error={error} title="It could not be prepared" />}
      {!mayOperate && (
        <Note>You may look at how a message would be; sending it needs the scope operate.</Note>
      )}
      <div className="row">
        <Button
          look="primary"
          isBusy={isAsking}
          disabled={isBlank || !mayOperate}
          onClick={() => void ask(body)}
        >
          <Send size={16} aria-hidden />
          Send…
        </Button>
        {children}
        {isBlank && mayOperate && <span className="soft">Write a message to send it.</span>}
      </div>
      {question !== undefined && (
        <SendQuestion
          question={question}
          isBusy={sending.isPending}
          error={sending.error}
          onClose={() => {
            sending.reset()
            setQuestion(undefined)
          }}
          onConfirm={() => sending.send(question.body)}
        />
      )}
    </div>
  )
}

function useAsk(onReady: (question: Question) => void) {
  const { applicationId } = useApplication()
  const [isAsking, setAsking] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const params = { path: { applicationId } }
  const ask = async (body: Publish) => {
    setAsking(true)
    setError(null)
    try {
      const [preview, overview] = await Promise.all([
        client.POST("/admin/v1/applications/{applicationId}/message-previews", { params, body }),
        client.GET("/admin/v1/applications/{applicationId}/overview", { params }),
      ])
      if (preview.data === undefined || overview.data === undefined) return
      onReady(questionOf(body, preview.data, overview.data.delivery))
    } catch (failure) {
      setError(failure as Error)
    } finally {
      setAsking(false)
    }
  }
  return { ask, isAsking, error }
}

function questionOf(body: Publish, preview: Preview, delivery: Parameters<typeof reachOf>[2]): Question {
  const { audience, payloads, problems } = preview
  const [problem] = problems
  if (audience === null || problem !== undefined) {
    throw new Error(problem?.message ?? "The audience could not be counted.")
  }
  return { body, total: audience.total, reach: reachOf(audience, payloads, delivery) }
}

/** The same request has the same key until it was answered: a second click, or a second try, sends nothing twice. */
function useSending(onSent: () => void) {
  const queries = useQueryClient()
  const { applicationId } = useApplication()
  const [, navigate] = useLocation()
  const attempt = useRef({ text: "", key: "" })
  const publish = api.useMutation("post", "/admin/v1/applications/{applicationId}/messages", {
    onSuccess: async ({ messageId, audience }) => {
      attempt.current = { text: "", key: "" }
      await queries.invalidateQueries({
        queryKey: ["get", "/admin/v1/applications/{applicationId}/messages"],
      })
      say(`Sent to ${countOf(audience, "device")}.`)
      onSent()
      navigate(messagePath(applicationId, messageId))
    },
  })
  const send = (body: Publish) => {
    const text = JSON.stringify(body)
    if (attempt.current.text !== text) attempt.current = { text, key: crypto.randomUUID() }
    publish.mutate({
      params: { path: { applicationId }, header: { "Idempotency-Key": attempt.current.key } },
      body,
    })
  }
  return { send, isPending: publish.isPending, error: publish.error, reset: publish.reset }
}

interface SendQuestionProps {
  readonly question: Question
  readonly isBusy: boolean
  readonly error: Error | null
  readonly onClose: () => void
  readonly onConfirm: () => void
}

function SendQuestion({ question, isBusy, error, onClose, onConfirm }: SendQuestionProps): ReactNode {
  const { body, total, reach } = question
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={total === 0 ? "Send it to nobody?" : `Send it to ${countOf(total, "device")}?`}
      action="Send now"
      look="primary"
      {...(reach.ringing >= TYPED_FROM && { typed: String(reach.ringing) })}
      isBusy={isBusy}
      error={error}
      onConfirm={onConfirm}
    >
      <ul className="stack-tight">
        {reachInWords(reach).map((sentence, index) => (
          <li key={sentence}>{index === 0 ? <strong>{sentence}</strong> : sentence}</li>
        ))}
      </ul>
      <p className="soft breakable">
        Channel {body.channel}: {excerpt(body.message === "" ? "(no text)" : body.message)}
      </p>
    </Confirm>
  )
}
