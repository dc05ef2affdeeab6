import type { ReactNode } from "react"
import { useUserName } from "../../app/user-name.tsx"
import type { Subject } from "./matrix.ts"

/** The name of a role, or what a user is known by. */
export function useSubjectName({ kind, id }: Subject): string {
  const user = useUserName(kind === "user" ? id : undefined)
  return kind === "role" ? id : user
}

export function SubjectName({ subject }: { readonly subject: Subject }): ReactNode {
  return useSubjectName(subject)
}
