import { BAD_JSON, ECHO, HOST, JSON_TYPE, OK, post, request, rows } from "./case.ts"

/** Bodies that are JSON, nearly JSON, or JSON that means different things to different readers. */

const bytes = (hex: string) => {
  const body = Buffer.from(hex, "hex")
  const head = request(`POST ${ECHO} HTTP/1.1`, [HOST, JSON_TYPE, `Content-Length: ${body.length}`])
  return Buffer.concat([Buffer.from(head, "latin1"), body])
}
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth)

export const encodings = rows([
  ["UTF-8 of one to four bytes", bytes(Buffer.from('{"a":"aé€😀"}').toString("hex")), OK],
  ["a byte order mark", bytes("efbbbf7b7d"), BAD_JSON],
  ["UTF-16", bytes("fffe7b007d00"), BAD_JSON],
  ["UTF-16 without a byte order mark", bytes("7b007d00"), BAD_JSON],
  ["latin1", bytes("22e922"), BAD_JSON],
  ["a continuation byte alone", bytes("228022"), BAD_JSON],
  ["an overlong slash", bytes("22c0af22"), BAD_JSON],
  ["half a surrogate pair in UTF-8", bytes("22eda08022"), BAD_JSON],
  ["a code point beyond Unicode", bytes("22f490808022"), BAD_JSON],
  ["a character cut in the middle", bytes("22f09f98"), BAD_JSON],
  ["a NUL between tokens", bytes("7b007d"), BAD_JSON],
])

export const values = rows([
  ["half a surrogate pair, escaped", post('["\\ud800"]'), BAD_JSON],
  ["the other half, escaped", post('["\\udc00a"]'), BAD_JSON],
  ["half a surrogate pair in a key", post('{"\\udfff":1}'), BAD_JSON],
  ["a surrogate pair, escaped", post('["\\ud83d\\ude00"]'), OK],
  ["a key twice", post('{"a":1,"a":2}'), BAD_JSON],
  ["a key twice, once escaped", post('{"a":1,"\\u0061":2}'), BAD_JSON],
  ["a key twice, deep inside", post('{"x":[{"y":{"a":1,"a":1}}]}'), BAD_JSON],
  ["equal keys of different objects", post('[{"a":1},{"a":1}]'), OK],
  ["the key __proto__", post('{"__proto__":{"admin":true}}'), BAD_JSON],
  ["the key __proto__, escaped", post('{"\\u005f_proto__":1}'), BAD_JSON],
  ["the key constructor, deep inside", post('[{"a":{"constructor":1}}]'), BAD_JSON],
  ["the key prototype", post('{"prototype":null}'), BAD_JSON],
  ["__proto__ as a value", post('["__proto__"]'), OK],
  ["an infinite number", post("[1e400]"), BAD_JSON],
  ["a number that loses digits", post("[9007199254740993]"), BAD_JSON],
  ["the largest exact integer", post("[9007199254740991,-9007199254740991]"), OK],
  ["a fraction and minus zero", post("[0.1,-0,1e-7]"), OK],
  ["32 levels", post(nested(32)), OK],
  ["33 levels", post(nested(33)), BAD_JSON],
  ["20 000 levels", post(nested(20_000)), BAD_JSON],
  ["20 000 levels that never close", post('{"a":'.repeat(10_000)), BAD_JSON],
  ["brackets in a string", post(`["${"[".repeat(100)}"]`), OK],
])

export const syntax = rows([
  ["nothing but spaces", post("   "), BAD_JSON],
  ["a word", post("belfry"), BAD_JSON],
  ["a scalar", post("null"), OK],
  ["NaN", post("[NaN]"), BAD_JSON],
  ["a number with a plus", post("[+1]"), BAD_JSON],
  ["a number with a leading zero", post("[01]"), BAD_JSON],
  ["a number without its fraction", post("[1.]"), BAD_JSON],
  ["a trailing comma", post('{"a":1,}'), BAD_JSON],
  ["a comment", post('{"a":1/*x*/}'), BAD_JSON],
  ["single quotes", post("{'a':1}"), BAD_JSON],
  ["a key without quotes", post("{a:1}"), BAD_JSON],
  ["a key without a value", post('{"a"}'), BAD_JSON],
  ["a raw line end in a string", post('["a\nb"]'), BAD_JSON],
  ["an unknown escape", post('["\\x41"]'), BAD_JSON],
  ["an unfinished escape", post('["\\u12"]'), BAD_JSON],
  ["an unfinished string", post('["a'), BAD_JSON],
  ["an unfinished object", post('{"a":1'), BAD_JSON],
  ["a bracket too many", post("[]]"), BAD_JSON],
  ["two values", post("{} {}"), BAD_JSON],
  ["a form feed between tokens", post("[1,\f2]"), BAD_JSON],
  ["a form", post("deviceToken=a&deviceId=b"), BAD_JSON],
])
