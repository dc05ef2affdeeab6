import { Field as BaseField } from "@base-ui/react/field"
import { type ComponentProps, type ReactNode, useId } from "react"
import "./field.css"

interface FieldProps {
  /** The property of the request that it becomes; errors of the server find their field by it. */
  readonly name: string
  readonly label: string
  readonly hint?: ReactNode
}

function Field({ name, label, hint, children }: FieldProps & { readonly children: ReactNode }): ReactNode {
  return (
    <BaseField.Root name={name} className="field">
      <BaseField.Label className="field-label">{label}</BaseField.Label>
      {children}
      {hint !== undefined && <BaseField.Description className="field-hint">{hint}</BaseField.Description>}
      <BaseField.Error className="field-error" />
    </BaseField.Root>
  )
}

type TextFieldProps = FieldProps &
  Omit<ComponentProps<"input">, "name" | "defaultValue" | "value"> & {
    readonly value?: string
    readonly defaultValue?: string
  }

/** One line of text. Constraints (`required`, `minLength`, `pattern`) are checked when the form is sent. */
export function TextField({ name, label, hint, ...input }: TextFieldProps): ReactNode {
  return (
    <Field name={name} label={label} hint={hint}>
      <BaseField.Control {...input} className="input" />
    </Field>
  )
}

type TextAreaProps = FieldProps &
  Omit<ComponentProps<"textarea">, "name" | "defaultValue" | "value" | "ref"> & {
    readonly value?: string
    readonly defaultValue?: string
  }

export function TextArea({ name, label, hint, rows = 4, ...area }: TextAreaProps): ReactNode {
  return (
    <Field name={name} label={label} hint={hint}>
      <BaseField.Control
        {...(area as ComponentProps<typeof BaseField.Control>)}
        render={<textarea rows={rows} />}
        className="input"
      />
    </Field>
  )
}

type SelectFieldProps = FieldProps &
  Omit<ComponentProps<"select">, "name" | "defaultValue" | "value" | "ref"> & {
    readonly value?: string
    readonly defaultValue?: string
    readonly options: readonly { readonly value: string; readonly label: string }[]
  }

/** One of a few, as the platform shows it. */
export function SelectField({ name, label, hint, options, ...select }: SelectFieldProps): ReactNode {
  return (
    <Field name={name} label={label} hint={hint}>
      <BaseField.Control
        {...(select as ComponentProps<typeof BaseField.Control>)}
        render={
          <select>
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        }
        className="input"
      />
    </Field>
  )
}

type CheckFieldProps = Omit<ComponentProps<"input">, "type" | "children"> & {
  readonly label: ReactNode
  readonly hint?: ReactNode
}

export function CheckField({ label, hint, ...input }: CheckFieldProps): ReactNode {
  const id = useId()
  return (
    <div className="check">
      <input
        {...input}
        id={id}
        type="checkbox"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      <span>
        <label htmlFor={id}>{label}</label>
        {hint !== undefined && (
          <span id={`${id}-hint`} className="field-hint">
            {" "}
            {hint}
          </span>
        )}
      </span>
    </div>
  )
}
