import type { ReactNode } from "react"
import { ApiError } from "../../api/api-error.ts"
import { TextArea, TextField } from "../../ui/field.tsx"
import { formatCount } from "../../ui/format.ts"
import { Names } from "../../ui/names.tsx"
import type { ApiKey } from "./api-key.ts"
import "./key-bounds.css"

/** Where a key is accepted from, and how often: no addresses stand for everywhere, null for the limit of the settings. */
export interface KeyBounds {
  readonly addresses: string[]
  readonly requestsPerSecond: number | null
}

/** Properties that an error may name. */
export const BOUND_FIELDS: readonly string[] = ["addresses", "requestsPerSecond"]

/** A list has a hundred entries at most, which would make a row of the table a page: the others are unfolded. */
const ADDRESSES_SHOWN = 3

export function BoundFields({ present }: { readonly present?: ApiKey }): ReactNode {
  return (
    <>
      <TextArea
        name="addresses"
        label="Accepted from"
        rows={3}
        defaultValue={present?.addresses.join("\n") ?? ""}
        placeholder="203.0.113.7, 2001:db8::/32"
        autoCapitalize="off"
        spellCheck={false}
        hint="Addresses and CIDR ranges, separated by commas or line breaks; elsewhere it is a wrong key. Empty: everywhere."
      />
      <TextField
        name="requestsPerSecond"
        label="Requests a second"
        type="number"
        min={1}
        defaultValue={String(present?.requestsPerSecond ?? "")}
        hint="More are refused. Empty: the limit is the setting rate-per-key of the server."
      />
    </>
  )
}

export function boundsOf(values: Readonly<Record<string, string>>): KeyBounds {
  const { addresses = "", requestsPerSecond = "" } = values
  return {
    addresses: addresses.split(/[\s,]+/).filter((entry) => entry !== ""),
    requestsPerSecond: requestsPerSecond === "" ? null : Number(requestsPerSecond),
  }
}

/** The server names an entry by its place in the list, people by what they typed: both are the one field. */
export function atAddresses(error: Error | null, addresses: readonly string[] = []): Error | null {
  if (!(error instanceof ApiError)) return error
  const [place, index] = /^addresses\[(\d+)\]$/.exec(error.property ?? "") ?? []
  if (place === undefined) return error
  const message = error.message.replace(place, addresses[Number(index)] ?? place)
  return new ApiError(error.status, error.code, message, "addresses")
}

export function hasBounds({ addresses, requestsPerSecond }: ApiKey): boolean {
  return addresses.length > 0 || requestsPerSecond !== null
}

/** Nothing for a key without bounds of its own. */
export function KeyAccepted({ apiKey }: { readonly apiKey: ApiKey }): ReactNode {
  if (!hasBounds(apiKey)) return null
  const { addresses, requestsPerSecond } = apiKey
  return (
    <span className="stack-tight key-accepted">
      {addresses.length > 0 && <Addresses addresses={addresses} />}
      {requestsPerSecond !== null && <span>up to {formatCount(requestsPerSecond)} a second</span>}
    </span>
  )
}

/** All of them, because who may not change a key has no form that shows them. */
function Addresses({ addresses }: Pick<KeyBounds, "addresses">): ReactNode {
  const first = (
    <>
      from <Names names={addresses} max={ADDRESSES_SHOWN} />
    </>
  )
  if (addresses.length <= ADDRESSES_SHOWN) return <span>{first}</span>
  return (
    <details>
      <summary>{first}</summary>
      <Names names={addresses.slice(ADDRESSES_SHOWN)} />
    </details>
  )
}
