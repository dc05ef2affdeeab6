import { useQueryClient } from "@tanstack/react-query"
import { api } from "../api/client.ts"
import { say } from "../ui/toast.tsx"
import { useApplication } from "./application.tsx"

/** Registers a virtual phone, and shows it. */
export function useAddPhone(onAdded: () => void = () => {}) {
  const queries = useQueryClient()
  const { applicationId } = useApplication()
  const add = api.useMutation("post", "/admin/v1/applications/{applicationId}/phones", {
    onSuccess: async ({ name }) => {
      await queries.invalidateQueries({ queryKey: ["get", "/admin/v1/applications/{applicationId}/phones"] })
      say(`Added ${name}.`)
      onAdded()
    },
  })
  return { ...add, params: { path: { applicationId } } }
}
