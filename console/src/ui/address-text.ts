import { useSearchParams } from "wouter"

/**
 * A text that stands in the query of the address under a name, so that it survives reloading the page and coming back to
 * it. Changing it is no step of the browser's history.
 */
export function useAddressText(name: string): readonly [string, (text: string) => void] {
  const [params, setParams] = useSearchParams()
  const change = (text: string) => {
    const next = new URLSearchParams(params)
    if (text === "") next.delete(name)
    else next.set(name, text)
    setParams(next, { replace: true })
  }
  return [params.get(name) ?? "", change]
}
