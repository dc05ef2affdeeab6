import { expect, test } from "vitest"
import { rightsText } from "./administrator.ts"

test("the audit log names the applications of somebody's rights, but not a thousand of them", () => {
  const ids = Array.from({ length: 12 }, (_, index) => `A${index}`)
  expect(rightsText({ scope: "administer", applications: null })).toBe("administer")
  expect(rightsText({ scope: "read", applications: undefined })).toBe("read")
  expect(rightsText({ scope: "operate", applications: ["A", "B"] })).toBe("operate in A B")
  expect(rightsText({ scope: "operate", applications: ids })).toBe(
    `operate in ${ids.slice(0, 10).join(" ")} and 2 more`,
  )
})
