import { FileUp } from "lucide-react"
import { type ReactNode, useRef, useState } from "react"
import { Button } from "./button.tsx"
import { TextArea } from "./field.tsx"
import "./file-field.css"

/** Enough for any key; a film that was dropped by mistake is not read. */
const BYTES_MAX = 100_000

interface FileFieldProps {
  readonly name: string
  readonly label: string
  readonly hint: string
  /** "the service account file" */
  readonly what: string
  /** Endings that the file dialog proposes. */
  readonly accept: string
  readonly rows?: number
  readonly required?: boolean
}

/** Text that is in a file: chosen, dropped on the field, or pasted. */
export function FileField({
  name,
  label,
  hint,
  what,
  accept,
  rows = 5,
  required,
}: FileFieldProps): ReactNode {
  const [text, setText] = useState("")
  const [note, setNote] = useState("")
  const input = useRef<HTMLInputElement>(null)
  const read = async (file: File | undefined) => {
    if (file === undefined) return
    if (file.size > BYTES_MAX) {
      setNote(`${file.name} is larger than any key. Choose ${what}.`)
      return
    }
    try {
      setText(await file.text())
      setNote(`Read ${file.name}.`)
    } catch {
      setNote(`${file.name} could not be read. Open it in an editor and paste what is in it.`)
    }
  }
  return (
    <fieldset
      className="file-field"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        void read(event.dataTransfer.files[0])
      }}
    >
      <TextArea
        name={name}
        label={label}
        hint={hint}
        rows={rows}
        value={text}
        onChange={(event) => setText(event.target.value)}
        spellCheck={false}
        autoComplete="off"
        {...(required === true && { required })}
      />
      <div className="row">
        <Button onClick={() => input.current?.click()} aria-label={`Choose a file: ${what}`}>
          <FileUp size={16} aria-hidden />
          Choose a file…
        </Button>
        <span className="soft breakable" role="status">
          {note}
        </span>
      </div>
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        aria-hidden
        tabIndex={-1}
        onChange={(event) => {
          void read(event.target.files?.[0])
          event.target.value = ""
        }}
      />
    </fieldset>
  )
}
