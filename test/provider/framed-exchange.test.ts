import { expect, it } from "vitest"
import { FramedExchange } from "../../src/provider/http2/framed-exchange.ts"

it("An answer keeps its body although the socket's buffer is used again", () => {
  const exchange = new FramedExchange(1, 1, { id: 1, answerHeaders: [], bodyBytesMax: 20 }, 0)
  const buffer = Buffer.from("..first ")
  expect(exchange.take(buffer, 2, 8)).toBe(true)
  buffer.write("..second")
  expect(exchange.take(buffer, 2, 8)).toBe(true)
  expect(exchange.body).toBe("first second")
})
