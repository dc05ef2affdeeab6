import { Form as BaseForm } from "@base-ui/react/form"
import type { ReactNode } from "react"
import { flushSync } from "react-dom"
import { ErrorNote } from "./error-note.tsx"
import { useUntilGone } from "./on-gone.ts"
import "./field.css"

interface FormProps {
  /**
   * The values by the names of their fields; a box that is ticked is "on", one that is not has none. Called when the
   * constraints of all fields hold.
   */
  readonly onSubmit: (values: Readonly<Record<string, string>>) => void
  /** What the last attempt ended with. One that names a field is shown there, any other above the fields. */
  readonly error: Error | null
  /** Names of the fields, to tell which errors have a place of their own. */
  readonly fields?: readonly string[]
  readonly children: ReactNode
}

export function Form({ onSubmit, error, fields = [], children }: FormProps): ReactNode {
  const [shown, pass] = useUntilGone(error)
  const property = propertyOf(shown)
  const field = property !== undefined && fields.includes(property) ? property : undefined
  return (
    <BaseForm
      className="form"
      errors={field !== undefined && shown !== null ? { [field]: shown.message } : {}}
      // The library sends nothing while a field has an error of the server. What is wrong may be mended in another field,
      // or elsewhere: each attempt is the server's to judge.
      onSubmitCapture={() => flushSync(pass)}
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(valuesOf(event.currentTarget))
      }}
    >
      {shown !== null && field === undefined && <ErrorNote error={shown} />}
      {children}
    </BaseForm>
  )
}

/** Of every field with a name, whether it is one of the library or the platform's own. */
function valuesOf(form: HTMLFormElement): Readonly<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const [name, value] of new FormData(form)) if (typeof value === "string") values[name] = value
  return values
}

function propertyOf(error: Error | null): string | undefined {
  return error !== null && "property" in error && typeof error.property === "string"
    ? error.property
    : undefined
}

export function FormActions({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className="form-actions">{children}</div>
}
