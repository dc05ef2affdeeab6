import { ERROR, ProtocolFault } from "./protocol-fault.ts"

/**
 * The Huffman code of HPACK (RFC 7541, 5.2 and appendix B). The code is canonical: the lengths of the codes, in the order
 * of the symbols, say everything. Each character is a length in base 36; the last one is that of the end-of-string symbol.
 */
const CODE_LENGTHS =
  "dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6ca" +
  "d67777777777777777777777878djde6f56565666577666567655677777fbeds" +
  "kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmn" +
  "qqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrq" +
  "u"

const END_OF_STRING = 256
/** The shortest code has 5 bits, so four bits complete one symbol at most. */
const BITS = 4
const STEPS = 2 ** BITS
/** Padding is shorter than a byte. */
const PADDING_BITS_MAX = 7

/** A step: the next state in the low byte, a complete symbol in the next, and what the step is. */
const HAS_SYMBOL = 0x1_0000
const IS_FAULT = 0x2_0000

/** The longest text that so many bytes can stand for. */
export function decodedBytesMax(bytes: number): number {
  return Math.ceil((bytes * 8) / 5)
}

/** Writes the text to the start of `into`, which must have room for it, and returns its length. */
export function huffmanDecode(bytes: Buffer, start: number, end: number, into: Buffer): number {
  let state = 0
  let length = 0
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number
    const first = TABLE[state * STEPS + (byte >> BITS)] as number
    if (first & HAS_SYMBOL) into[length++] = first >> 8
    const second = TABLE[(first & 0xff) * STEPS + (byte & (STEPS - 1))] as number
    if (second & HAS_SYMBOL) into[length++] = second >> 8
    if ((first | second) & IS_FAULT) throw new ProtocolFault(ERROR.compression, "a code that ends a string")
    state = second & 0xff
  }
  if (IS_PADDING[state] !== 1) throw new ProtocolFault(ERROR.compression, "a Huffman code is cut off")
  return length
}

/** A node of the tree of codes: what 0 and 1 lead to, a number from -1 down being a symbol. */
type Node = [zero: number | undefined, one: number | undefined]

function treeOfCodes(): readonly Node[] {
  const nodes: Node[] = [[undefined, undefined]]
  const symbols = Array.from(CODE_LENGTHS, (character, symbol) => ({
    length: Number.parseInt(character, 36),
    symbol,
  }))
  symbols.sort((a, b) => a.length - b.length || a.symbol - b.symbol)
  let code = 0
  let before = 0
  for (const { length, symbol } of symbols) {
    code *= 2 ** (length - before)
    before = length
    let node = 0
    for (let bit = length - 1; bit > 0; bit -= 1) {
      const branch = bitOf(code, bit)
      const pair = nodes[node] as Node
      pair[branch] ??= nodes.push([undefined, undefined]) - 1
      node = pair[branch] as number
    }
    ;(nodes[node] as Node)[bitOf(code, 0)] = -1 - symbol
    code += 1
  }
  return nodes
}

function bitOf(code: number, bit: number): 0 | 1 {
  return Math.floor(code / 2 ** bit) % 2 === 0 ? 0 : 1
}

function stepsOf(nodes: readonly Node[]): Int32Array {
  const table = new Int32Array(nodes.length * STEPS)
  for (let state = 0; state < nodes.length; state += 1) {
    for (let input = 0; input < STEPS; input += 1)
      table[state * STEPS + input] = stepFrom(nodes, state, input)
  }
  return table
}

function stepFrom(nodes: readonly Node[], state: number, input: number): number {
  let node = state
  let symbol = 0
  for (let bit = BITS - 1; bit >= 0; bit -= 1) {
    const next = (nodes[node] as Node)[bitOf(input, bit)] as number
    if (next === -1 - END_OF_STRING) return IS_FAULT
    if (next < 0) symbol = HAS_SYMBOL | ((-1 - next) << 8)
    node = Math.max(next, 0)
  }
  return symbol | node
}

/** Where a string may end: at the end of a symbol, or within the code of the end, which begins with ones. */
function paddingStates(nodes: readonly Node[]): Uint8Array {
  const states = new Uint8Array(nodes.length)
  let node = 0
  for (let bits = 0; bits <= PADDING_BITS_MAX; bits += 1) {
    states[node] = 1
    node = (nodes[node] as Node)[1] as number
  }
  return states
}

const NODES = treeOfCodes()
const TABLE = stepsOf(NODES)
const IS_PADDING = paddingStates(NODES)
