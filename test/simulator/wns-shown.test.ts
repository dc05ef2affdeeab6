import { describe, expect, test } from "vitest"
import { shownByWindows } from "../../src/simulator/wns-shown.ts"

const toast = (content: string, attributes = "") => `<toast${attributes}>${content}</toast>`
const binding = (content: string) => `<visual><binding template="ToastGeneric">${content}</binding></visual>`

describe("what Windows shows", () => {
  test.each([
    [
      "the first text as title, the others as body",
      toast(binding("<text>A</text><text>B</text><text>C</text>")),
      { title: "A", body: "B\nC", silent: false },
    ],
    [
      "escaped signs as they were meant",
      toast(binding("<text>&lt;b&gt; &amp; &quot;q&quot; &#233;&#x20AC;</text>")),
      { title: '<b> & "q" é€' },
    ],
    [
      "the sound of a toast",
      toast(`${binding("<text>A</text>")}<audio src="ms-winsoundevent:Notification.Mail"/>`),
      { sound: "ms-winsoundevent:Notification.Mail" },
    ],
    [
      "an image",
      toast(binding(`<text>A</text><image placement="hero" src='https://example.com/a.png?x=1&amp;y=2'/>`)),
      { image: "https://example.com/a.png?x=1&y=2" },
    ],
    ["an attribute that holds a >", toast(binding("<text>A</text>"), ' launch="a>b"'), { title: "A" }],
    [
      "XML with a declaration and a comment",
      `<?xml version="1.0"?><!-- hi -->${toast(binding("<text>A</text>"))}`,
      { title: "A" },
    ],
    [
      "the message id in the launch text",
      toast("", ' launch="message:0FA2B7C1-3D5E-4F60-8A9B-1C2D3E4F5A6B"'),
      { messageId: "message:0FA2B7C1-3D5E-4F60-8A9B-1C2D3E4F5A6B" },
    ],
  ])("%s", (_name, xml, expected) => {
    const shown = shownByWindows("wns/toast", xml)
    expect(shown).toMatchObject({ kind: "toast", ...expected })
    expect(shown).not.toHaveProperty("remark")
  })

  test.each([
    ["an open element", "<toast><visual></toast>"],
    ["a missing end", "<toast>"],
    ["two roots", "<toast/><toast/>"],
    ["text before the root", "hello <toast/>"],
    ["text after the root", "<toast/> hello"],
    ["no XML at all", "hello"],
    ["an unescaped &", toast(binding("<text>Tea & cake</text>"))],
    ["an unescaped <", toast(binding("<text>1 < 2</text>"))],
    ["nothing", ""],
  ])("nothing of a toast with %s", (_name, xml) => {
    expect(shownByWindows("wns/toast", xml)).toMatchObject({
      silent: true,
      remark: expect.stringMatching(/XML/),
    })
  })

  test("a badge with its number, and a glyph without one", () => {
    expect(shownByWindows("wns/badge", '<badge value="7"/>')).toEqual({
      kind: "badge",
      silent: false,
      badge: 7,
    })
    expect(shownByWindows("wns/badge", '<badge value="alert"/>')).toEqual({ kind: "badge", silent: false })
  })

  test("a tile silently and raw not at all", () => {
    const tile = "<tile><visual><binding><text>News</text></binding></visual></tile>"
    expect(shownByWindows("wns/tile", tile)).toMatchObject({ kind: "tile", silent: true, title: "News" })
    expect(shownByWindows("wns/raw", "anything")).toEqual({ kind: "raw", silent: true, body: "anything" })
  })

  test("a hostile text in linear time", () => {
    const hostile = `<toast>${'<text a="'.repeat(500)}`
    expect(shownByWindows("wns/toast", hostile).silent).toBe(true)
  })
})
