import type { ReactNode } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import type { Subject } from "./matrix.ts"

/** The name of a role, or what a user is known by; the id until that is there, and when the user is gone. */
export function useSubjectName({ kind, id }: Subject): string {
  const { applicationId } = useApplication()
  const { data } = api.useQuery(
    "get",
    "/admin/v1/applications/{applicationId}/users/{userId}",
    { params: { path: { applicationId, userId: id } } },
    { enabled: kind === "user" },
  )
  return kind === "role" ? id : (data?.identity ?? data?.subject ?? id)
}

export function SubjectName({ subject }: { readonly subject: Subject }): ReactNode {
  return useSubjectName(subject)
}
