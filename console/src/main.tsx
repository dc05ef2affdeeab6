import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { Root } from "./app/root.tsx"
import { applyTheme } from "./app/theme.ts"
import { Home } from "./screens/home.tsx"
import { NotFound } from "./screens/not-found.tsx"
import { SignIn } from "./screens/sign-in/sign-in.tsx"
import { SCREENS } from "./screens.ts"
import "./ui/tokens.css"
import "./ui/base.css"

applyTheme()
const container = document.getElementById("root")
if (container === null) throw new Error("index.html has no element #root")
createRoot(container).render(
  <StrictMode>
    <Root screens={SCREENS} signIn={<SignIn />} home={<Home />} notFound={<NotFound />} />
  </StrictMode>,
)
