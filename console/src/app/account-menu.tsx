import { KeyRound, LogOut, Moon, Sun, SunMoon, UserRound } from "lucide-react"
import type { ReactNode } from "react"
import { useLocation } from "wouter"
import { Menu } from "../ui/menu.tsx"
import { ACCOUNT } from "./paths.ts"
import { useCaller, useSignOut } from "./session.tsx"
import { chooseTheme, type Theme, useTheme } from "./theme.ts"

export function AccountMenu(): ReactNode {
  const { name } = useCaller()
  const { signOut } = useSignOut()
  const [, navigate] = useLocation()
  return (
    <Menu
      label={`Account: ${name}`}
      items={[
        {
          label: "Your account",
          icon: <KeyRound size={16} aria-hidden />,
          onSelect: () => navigate(ACCOUNT),
        },
        { label: "Sign out", icon: <LogOut size={16} aria-hidden />, onSelect: signOut },
      ]}
    >
      <UserRound size={17} aria-hidden />
      <span>{name}</span>
    </Menu>
  )
}

const THEMES: Readonly<Record<Theme, { readonly label: string; readonly icon: ReactNode }>> = {
  system: { label: "As the computer", icon: <SunMoon size={17} aria-hidden /> },
  light: { label: "Light", icon: <Sun size={17} aria-hidden /> },
  dark: { label: "Dark", icon: <Moon size={17} aria-hidden /> },
}

export function ThemeMenu(): ReactNode {
  const { icon, label } = THEMES[useTheme()]
  return (
    <Menu
      label={`Appearance: ${label}`}
      items={(Object.keys(THEMES) as Theme[]).map((theme) => ({
        ...THEMES[theme],
        onSelect: () => chooseTheme(theme),
      }))}
    >
      {icon}
      <span>Appearance</span>
    </Menu>
  )
}
