import type { ReactNode } from "react"
import { Card } from "../../ui/card.tsx"
import { CheckField, TextArea, TextField } from "../../ui/field.tsx"
import type { CardProps } from "./audience-card.tsx"

/** What a message says on every platform. */
export function ContentCard({ draft, change }: CardProps): ReactNode {
  const { message, isSilent } = draft
  return (
    <Card title="Content">
      <div className="stack">
        <TextArea
          name="message"
          label="Message"
          hint={isSilent ? "Only the app reads it." : undefined}
          rows={4}
          value={message}
          onChange={({ target }) => change({ message: target.value })}
        />
        {!isSilent && <VisibleParts draft={draft} change={change} />}
        <CheckField
          label="Silent"
          hint="Wakes the app; nothing is seen or heard. Phones allow it a few times an hour."
          checked={isSilent}
          onChange={({ target }) => change({ isSilent: target.checked })}
        />
      </div>
    </Card>
  )
}

function VisibleParts({ draft, change }: CardProps): ReactNode {
  return (
    <>
      <TextField
        name="title"
        label="Title"
        value={draft.title}
        onChange={({ target }) => change({ title: target.value })}
      />
      <TextField
        name="subtitle"
        label="Subtitle"
        value={draft.subtitle}
        onChange={({ target }) => change({ subtitle: target.value })}
      />
      <div className="compose-pair">
        <TextField
          name="badge"
          label="Badge"
          hint="On iPhones and Macs; 0 takes it away."
          inputMode="numeric"
          value={draft.badge}
          onChange={({ target }) => change({ badge: target.value.replace(/\D/g, "").slice(0, 9) })}
        />
        <TextField
          name="sound"
          label="Sound"
          hint="A sound of the app, or default."
          value={draft.sound}
          onChange={({ target }) => change({ sound: target.value })}
        />
      </div>
      <TextField
        name="image"
        label="Picture"
        hint="Its https address; the phone loads it. On Android and, if the app has an extension for it, on iPhones."
        inputMode="url"
        spellCheck={false}
        value={draft.image}
        onChange={({ target }) => change({ image: target.value })}
      />
    </>
  )
}
