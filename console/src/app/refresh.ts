import { useQueryClient } from "@tanstack/react-query"
import type { paths } from "../api/schema.ts"

/** After a change: what was read from these paths, with whatever parameters, is read again. Resolves when it was. */
export function useRefresh(...changed: readonly (keyof paths)[]): () => Promise<void> {
  const queries = useQueryClient()
  return async () => {
    await Promise.all(changed.map((path) => queries.invalidateQueries({ queryKey: ["get", path] })))
  }
}
