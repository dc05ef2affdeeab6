import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

/** Where `npm run console` finds a running server; the built Console is served by the server itself. */
const SERVER = "http://127.0.0.1:9000"

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  build: {
    // What has `light-dark()`, so that each colour is written once.
    target: ["chrome123", "firefox121", "safari17.5"],
    // Nothing becomes a data: address, which the policy of the page allows for images only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One file of 6 kB: the styles of a single screen, if they did not come once, would not be asked for again.
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Change with their packages only, so that browsers and the repository keep them when a screen changes.
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler|@tanstack|wouter)[\\/]/ },
            { name: "components", test: /node_modules[\\/](@base-ui|@floating-ui)[\\/]/ },
          ],
        },
      },
    },
  },
  server: { port: 5173, strictPort: true, proxy: { "/admin": SERVER } },
})
