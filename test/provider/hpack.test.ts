import { createServer, type ServerHttp2Session } from "node:http2"
import type { AddressInfo } from "node:net"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { HeaderField, RequestTemplate } from "../../src/provider/http2/client.ts"
import { openFramedClient } from "../../src/provider/http2/framed-client.ts"
import { HpackDecoder } from "../../src/provider/http2/hpack-decoder.ts"
import { HpackEncoder, integer } from "../../src/provider/http2/hpack-encoder.ts"
import { ClientHarness } from "./client-harness.ts"

type Field = readonly [name: string, value: string]

function decodeWith(decoder: HpackDecoder, block: Buffer): Field[] {
  const fields: Field[] = []
  decoder.decode(block, 0, block.length, { field: ({ name, value }) => fields.push([name, value]) })
  return fields
}

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ""), "hex")

/** Fields of requests: some that repeat, so that the tables are used, and some that do not fit into any. */
const name = fc.oneof(
  fc.constantFrom("apns-topic", "apns-expiration", "apns-collapse-id", "x-a", "accept", "retry-after"),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/).map((text) => `x-${text}`),
)
const value = fc.oneof(
  fc.constantFrom("10", "alert", "com.example.app"),
  fc.string({ unit: "grapheme-ascii", maxLength: 60 }).map((text) => text.trim()),
  fc.integer({ min: 3_900, max: 4_200 }).map((length) => "z".repeat(length)),
)
const requestFields = fc
  .uniqueArray(fc.record({ name, value, isSensitive: fc.boolean() }), {
    selector: (field) => field.name,
    maxLength: 8,
  })
  .map((fields): HeaderField[] => fields)

describe("HPACK, decoding", () => {
  it("reads the example of RFC 7541, C.6: three answers, Huffman-coded, with a table of 256 bytes", () => {
    const decoder = new HpackDecoder([])
    const first = `3fe101 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e
      919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3`
    const common: Field[] = [
      ["cache-control", "private"],
      ["date", "Mon, 21 Oct 2013 20:13:21 GMT"],
      ["location", "https://www.example.com"],
    ]
    expect(decodeWith(decoder, hex(first))).toEqual([[":status", "302"], ...common])
    expect(decodeWith(decoder, hex("4883 640e ffc1 c0bf"))).toEqual([[":status", "307"], ...common])
    const third = `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2
      e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07`
    expect(decodeWith(decoder, hex(third))).toEqual([
      [":status", "200"],
      ["cache-control", "private"],
      ["date", "Mon, 21 Oct 2013 20:13:22 GMT"],
      ["location", "https://www.example.com"],
      ["content-encoding", "gzip"],
      ["set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"],
    ])
  })

  it.each([
    ["an index of zero", "80"],
    ["an index beyond the tables", "be"],
    ["a name beyond the tables", "7f00 01 61"],
    ["an integer without end", "ff ffff ffff ffff ffff 00"],
    ["an integer that is cut off", "ff ff"],
    ["a string that is cut off", "00 01 61 05 62"],
    ["a field without a value", "00 01 61"],
    ["a Huffman code that is cut off within a symbol", "00 01 61 82 ffff"],
    ["padding that is not all ones", "00 01 61 81 18"],
    ["the end of a string within a string", "00 01 61 84 ffff ffff"],
    ["an entry that had to make room for another", "3f03 40 01 61 01 62 40 01 63 01 64 bf"],
    ["an entry that a smaller table has no room for", "40 01 61 01 62", "20 be"],
    [
      "an entry that left when one came that is larger than the table",
      "3f03 40 01 61 01 62 40 02 6162 01 62 be",
    ],
    ["padding of a whole byte", "00 01 61 81 ff"],
    ["a size of the table above what we allow", "3fe21f"],
    ["a size of the table after a field", "88 20"],
  ])("refuses %s", (_, ...blocks) => {
    const decoder = new HpackDecoder([])
    for (const before of blocks.slice(0, -1)) decodeWith(decoder, hex(before))
    expect(() => decodeWith(decoder, hex(blocks.at(-1) as string))).toThrow(
      expect.objectContaining({ code: 9 }),
    )
  })

  it("never throws anything but a fault of the protocol, and never loops, whatever comes", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), (blocks) => {
        const decoder = new HpackDecoder([])
        try {
          for (const block of blocks) decodeWith(decoder, Buffer.from(block))
        } catch (error) {
          expect(error).toMatchObject({ code: 9 })
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it("reads what our own encoder writes, while the size of its table changes", () => {
    const step = fc.oneof(
      fc.record({ fields: requestFields }),
      fc.record({ sizes: fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 1, maxLength: 3 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const encoder = new HpackEncoder()
        const decoder = new HpackDecoder([])
        for (const each of steps) {
          if ("sizes" in each) for (const size of each.sizes) encoder.resize(size)
          else {
            const expected = each.fields.map((field) => [field.name, field.value])
            expect(decodeWith(decoder, encoder.encode(each.fields))).toEqual(expected)
          }
        }
      }),
    )
  })

  it("knows integers as RFC 7541, C.1 has them", () => {
    expect(integer(0, 5, 10)).toEqual(Buffer.of(10))
    expect(integer(0, 5, 1337)).toEqual(Buffer.of(0x1f, 0x9a, 0x0a))
    expect(integer(0, 8, 42)).toEqual(Buffer.of(42))
  })
})

/** A server on node:http2 without TLS that answers with the fields it is told, and notes those it is sent. */
async function openNodePeer(headerTableSize: number) {
  const arrived = new Map<string, string[]>()
  const answers: Field[][] = []
  const sessions: ServerHttp2Session[] = []
  const server = createServer({ settings: { headerTableSize, maxConcurrentStreams: 1_000 } })
  server.on("session", (session) => sessions.push(session))
  server.on("stream", (stream, headers, _flags, rawHeaders) => {
    arrived.set(String(headers[":path"]), rawHeaders)
    const fields = answers[Number(/\d+$/.exec(String(headers[":path"]))?.[0]) - 1] ?? []
    stream.respond({ ":status": 200, ...Object.fromEntries(fields) }, { endStream: true })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    arrived,
    resize: (size: number) => sessions.at(-1)?.settings({ headerTableSize: size }),
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe("HPACK against that of node:http2", () => {
  it("node reads the requests of many templates on one connection, while the size of its table changes", async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ template: fc.nat(3), count: fc.integer({ min: 1, max: 3 }) }) },
      { weight: 1, arbitrary: fc.record({ size: fc.constantFrom(0, 60, 200, 4_096, 65_536) }) },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 100, 4_096),
        fc.array(requestFields, { minLength: 4, maxLength: 4 }),
        fc.array(step, { minLength: 1, maxLength: 12 }),
        async (tableSize, headers, steps) => {
          await using peer = await openNodePeer(tableSize)
          await using harness = new ClientHarness(openFramedClient, peer.origin)
          const templates = headers.map(
            (fields): RequestTemplate => ({
              kind: "path",
              headers: fields,
              pathPrefix: "/",
              body: Buffer.of(0x61),
            }),
          )
          await harness.ready()
          for (const each of steps) {
            if ("size" in each) {
              const changes = harness.sink.changes
              peer.resize(each.size)
              await harness.sink.until(() => harness.sink.changes > changes)
              continue
            }
            const tickets = harness.submit(each.count, templates[each.template])
            for (const result of await harness.results(tickets)) expect(result).toMatchObject({ status: 200 })
            for (const ticket of tickets) {
              const sent = headers[each.template]?.flatMap((field) => [field.name, field.value])
              expect(peer.arrived.get(`/token${ticket}`)?.slice(8)).toEqual(sent)
            }
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it("we read the answers that node writes: any characters, repeated and evicted fields", async () => {
    const text = fc.string({
      unit: fc
        .integer({ min: 0x20, max: 0xff })
        .filter((code) => code !== 0x7f)
        .map((code) => String.fromCharCode(code)),
      maxLength: 200,
    })
    const answer = fc.uniqueArray(
      fc.tuple(
        fc.constantFrom("x-a", "x-b", "x-c", "apns-id"),
        fc.oneof(fc.constantFrom("same", "10"), text),
      ),
      { selector: ([field]) => field },
    )
    await using peer = await openNodePeer(4_096)
    const names = ["x-a", "x-b", "x-c", "apns-id"]
    const seen: (readonly (string | undefined)[])[] = []
    await using harness = new ClientHarness(
      (options, sink) =>
        openFramedClient(options, {
          answered(ticket, given) {
            seen[ticket - 1] = names.map((field) => given.header(field))
            sink.answered(ticket, given)
          },
          unanswered: (ticket, silence) => sink.unanswered(ticket, silence),
          changed: () => sink.changed(),
        }),
      peer.origin,
      { answerHeaders: names },
    )
    await harness.ready()
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 10 }), async (answers) => {
        peer.answers.push(
          ...answers.map((fields) => fields.map(([field, given]): Field => [field, given.trim()])),
        )
        const before = seen.length
        await harness.results(harness.submit(answers.length))
        const expected = answers.map((fields) =>
          names.map((field) => fields.find(([given]) => given === field)?.[1].trim()),
        )
        expect(seen.slice(before)).toEqual(expected)
      }),
      { numRuns: 100 },
    )
  })
})
