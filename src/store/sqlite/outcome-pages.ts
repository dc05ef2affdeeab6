/**
 * The bytes of the outcome log (design D5). A *page* holds devices in ascending order of registration number; each has
 * the *code* of its outcome in the message's dictionary.
 *
 * The number of the first device is kept beside the page. Its bytes are the first device's code and then, for each further
 * device, one number: twice the gap to the device before, plus one when the code differs (the new code follows). Zero
 * stands for a run: the number after it says how many more devices follow with the same gap and code. Numbers are varints.
 * A dense channel costs a byte for each device at worst, and a few bytes for each page when all went the same way.
 */

export interface LoggedDevice {
  readonly registration: number
  readonly code: number
}

/** A run shorter than this costs no more as single gaps. */
const RUN_MIN = 3

/** `devices` in strictly ascending order, at least one. */
export function encodePage(devices: readonly LoggedDevice[]): Buffer {
  const bytes: number[] = []
  let before = devices[0] as LoggedDevice
  let lastGap = 0
  pushVarint(bytes, before.code)
  for (let index = 1; index < devices.length; index++) {
    const run = runLength(devices, index, lastGap)
    if (run >= RUN_MIN) {
      pushVarint(bytes, 0)
      pushVarint(bytes, run)
      index += run - 1
      before = devices[index] as LoggedDevice
      continue
    }
    const device = devices[index] as LoggedDevice
    const isOther = device.code !== before.code
    lastGap = device.registration - before.registration
    pushVarint(bytes, lastGap * 2 + (isOther ? 1 : 0))
    if (isOther) pushVarint(bytes, device.code)
    before = device
  }
  return Buffer.from(bytes)
}

/** Every device of a page, in order. */
export function decodePage(first: number, page: Uint8Array): LoggedDevice[] {
  const devices: LoggedDevice[] = []
  const reader = new VarintReader(page)
  let code = reader.next()
  let registration = first
  let gap = 0
  devices.push({ registration, code })
  while (!reader.isAtEnd) {
    const step = reader.next()
    if (step === 0) {
      for (let left = reader.next(); left > 0; left--) {
        registration += gap
        devices.push({ registration, code })
      }
      continue
    }
    gap = Math.floor(step / 2)
    registration += gap
    if (step % 2 === 1) code = reader.next()
    devices.push({ registration, code })
  }
  return devices
}

/** The code of one device; undefined when the page does not hold it. */
export function findInPage(first: number, page: Uint8Array, registration: number): number | undefined {
  return decodePage(first, page).find((device) => device.registration === registration)?.code
}

/** Numbers in strictly ascending order, none negative. */
export function encodeNumbers(numbers: readonly number[]): Buffer {
  const bytes: number[] = []
  let before = 0
  for (const number of numbers) {
    pushVarint(bytes, number - before)
    before = number
  }
  return Buffer.from(bytes)
}

export function decodeNumbers(encoded: Uint8Array): number[] {
  const numbers: number[] = []
  const reader = new VarintReader(encoded)
  let number = 0
  while (!reader.isAtEnd) {
    number += reader.next()
    numbers.push(number)
  }
  return numbers
}

/** How many devices from `index` on keep the gap and the code of the one before. */
function runLength(devices: readonly LoggedDevice[], index: number, gap: number): number {
  let length = 0
  let before = devices[index - 1] as LoggedDevice
  for (let at = index; at < devices.length; at++) {
    const device = devices[at] as LoggedDevice
    if (device.code !== before.code || device.registration - before.registration !== gap) break
    before = device
    length++
  }
  return length
}

/** Seven bits a byte, the lowest first. By division: registration numbers outgrow 32-bit shifts. */
function pushVarint(bytes: number[], value: number): void {
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
}

class VarintReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  next(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new Error("a stored list of numbers ends in the middle of a number")
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 0x80
    }
  }
}
