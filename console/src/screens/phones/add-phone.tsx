import { Plus } from "lucide-react"
import type { ReactNode } from "react"
import { useAddPhone } from "../../app/add-phone.ts"
import { PHONE_KINDS } from "../../app/phone-kinds.ts"
import { Menu } from "../../ui/menu.tsx"
import { complain } from "../../ui/toast.tsx"

/** One click for an ordinary phone; name and channels can be chosen in a dialog. */
export function AddPhone({ onMore }: { readonly onMore: () => void }): ReactNode {
  const { mutate, params } = useAddPhone()
  return (
    <Menu
      look="primary"
      items={[
        ...PHONE_KINDS.map(({ os, label }) => ({
          label,
          onSelect: () => mutate({ params, body: { os } }, { onError: complain }),
        })),
        "line",
        { label: "With a name and channels…", onSelect: onMore },
      ]}
    >
      <Plus size={16} aria-hidden />
      Add a phone
    </Menu>
  )
}
