import { Plus, Trash2 } from "lucide-react"
import type { ReactNode } from "react"
import { Button, IconButton } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { CheckField, SelectField, TextField } from "../../ui/field.tsx"
import type { CardProps } from "./audience-card.tsx"
import { contentHeaders } from "./draft.ts"
import { HEADER_GROUPS, type HeaderField } from "./header-catalogue.ts"

const HOUR_SECONDS = 3600
const DAY_SECONDS = 24 * HOUR_SECONDS

const LIFETIMES = [
  { value: "", label: "28 days" },
  { value: String(7 * DAY_SECONDS), label: "7 days" },
  { value: String(DAY_SECONDS), label: "1 day" },
  { value: String(HOUR_SECONDS), label: "1 hour" },
  { value: "600", label: "10 minutes" },
  { value: "60", label: "1 minute" },
]

/** What most messages leave as it is. */
export function OptionsCard({ draft, change }: CardProps): ReactNode {
  return (
    <Card title="Options">
      <div className="stack">
        <SelectField
          name="ttlSeconds"
          label="Worth showing for"
          options={LIFETIMES}
          hint="A phone that is off for longer does not show it."
          value={draft.ttlSeconds}
          onChange={({ target }) => change({ ttlSeconds: target.value })}
        />
        <CheckField
          label="Never twice"
          hint="When the answer of a provider is lost, it is not sent again: the phone may miss it."
          checked={draft.isAtMostOnce}
          onChange={({ target }) => change({ isAtMostOnce: target.checked })}
        />
        {HEADER_GROUPS.map(({ title, fields }) => (
          <details key={title}>
            <summary>{title}</summary>
            <fieldset className="compose-headers">
              <legend className="visually-hidden">{title}</legend>
              {fields.map((field) => (
                <Header key={field.name} field={field} draft={draft} change={change} />
              ))}
            </fieldset>
          </details>
        ))}
        <details>
          <summary>Values for the app</summary>
          <AppValues draft={draft} change={change} />
        </details>
      </div>
    </Card>
  )
}

function Header({ field, draft, change }: CardProps & { readonly field: HeaderField }): ReactNode {
  const { name, label, hint, choices } = field
  const common = contentHeaders(draft)[name] ?? ""
  const value = draft.headers[name] ?? ""
  const set = (text: string) => change({ headers: { ...draft.headers, [name]: text } })
  const note = (
    <>
      <code>{name}</code> {hint}
    </>
  )
  if (choices === undefined) {
    return (
      <TextField
        name={`headers.${name}`}
        label={label}
        hint={note}
        placeholder={common}
        value={value}
        onChange={({ target }) => set(target.value)}
      />
    )
  }
  return (
    <SelectField
      name={`headers.${name}`}
      label={label}
      hint={note}
      options={[
        { value: "", label: common === "" ? "As usual" : common },
        ...choices.map((choice) => ({ value: choice, label: choice })),
      ]}
      value={value}
      onChange={({ target }) => set(target.value)}
    />
  )
}

function AppValues({ draft: { values }, change }: CardProps): ReactNode {
  const set = (id: number, part: { readonly name?: string; readonly value?: string }) =>
    change({ values: values.map((one) => (one.id === id ? { ...one, ...part } : one)) })
  const add = () =>
    change({
      values: [...values, { id: 1 + Math.max(0, ...values.map(({ id }) => id)), name: "", value: "" }],
    })
  return (
    <div className="stack">
      <p className="soft">They stand in the notification under their names, and no phone shows them.</p>
      {values.map(({ id, name, value }, index) => (
        <div key={id} className="compose-value">
          <TextField
            name={`values.${id}.name`}
            label={`Name ${index + 1}`}
            value={name}
            onChange={({ target }) => set(id, { name: target.value })}
          />
          <TextField
            name={`values.${id}.value`}
            label={`Value ${index + 1}`}
            value={value}
            onChange={({ target }) => set(id, { value: target.value })}
          />
          <IconButton
            label={`Remove value ${index + 1}`}
            onClick={() => change({ values: values.filter((one) => one.id !== id) })}
          >
            <Trash2 size={16} aria-hidden />
          </IconButton>
        </div>
      ))}
      <div>
        <Button onClick={add}>
          <Plus size={16} aria-hidden />
          Add a value
        </Button>
      </div>
    </div>
  )
}
