import type { ErrorCode } from "./protocol-fault.ts"

/** RFC 9113, 4 and 6: the frames of HTTP/2 as bytes. */

export const FRAME = {
  data: 0x0,
  headers: 0x1,
  priority: 0x2,
  rstStream: 0x3,
  settings: 0x4,
  pushPromise: 0x5,
  ping: 0x6,
  goaway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const

export const FLAG = {
  ack: 0x1,
  endStream: 0x1,
  endHeaders: 0x4,
  padded: 0x8,
  priority: 0x20,
} as const

export const SETTING = {
  headerTableSize: 0x1,
  enablePush: 0x2,
  maxConcurrentStreams: 0x3,
  initialWindowSize: 0x4,
  maxFrameSize: 0x5,
  maxHeaderListSize: 0x6,
} as const

export const FRAME_HEADER_BYTES = 9
/** The length of a payload that every peer takes, and the largest that we take. */
export const FRAME_BYTES_MAX = 16_384
export const FRAME_BYTES_LIMIT = 2 ** 24 - 1
export const WINDOW_INITIAL = 65_535
export const WINDOW_MAX = 2 ** 31 - 1
export const SETTING_BYTES = 6
export const PING_BYTES = 8

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

export function writeFrameHeader(
  into: Buffer,
  at: number,
  frame: { readonly length: number; readonly type: number; readonly flags: number; readonly stream: number },
): void {
  into.writeUIntBE(frame.length, at, 3)
  into[at + 3] = frame.type
  into[at + 4] = frame.flags
  into.writeUInt32BE(frame.stream, at + 5)
}

export function frameOf(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length)
  writeFrameHeader(frame, 0, { length: payload.length, type, flags, stream })
  payload.copy(frame, FRAME_HEADER_BYTES)
  return frame
}

/** What a client says first: what the peer may send of one answer, of all answers together, and of headers. */
export function openingFrames(limits: {
  readonly streamWindow: number
  readonly window: number
  readonly headerBytesMax: number
}): Buffer {
  const settings = settingsFrame([
    [SETTING.enablePush, 0],
    [SETTING.initialWindowSize, limits.streamWindow],
    [SETTING.maxHeaderListSize, limits.headerBytesMax],
  ])
  return Buffer.concat([PREFACE, settings, windowUpdateFrame(0, limits.window - WINDOW_INITIAL)])
}

function settingsFrame(settings: readonly (readonly [setting: number, value: number])[]): Buffer {
  const payload = Buffer.allocUnsafe(settings.length * SETTING_BYTES)
  for (const [index, [setting, value]] of settings.entries()) {
    payload.writeUInt16BE(setting, index * SETTING_BYTES)
    payload.writeUInt32BE(value, index * SETTING_BYTES + 2)
  }
  return frameOf(FRAME.settings, 0, 0, payload)
}

export const SETTINGS_ACK = frameOf(FRAME.settings, FLAG.ack, 0, Buffer.alloc(0))

export function pingFrame(payload: Buffer, flags: number): Buffer {
  return frameOf(FRAME.ping, flags, 0, payload)
}

export function rstStreamFrame(stream: number, code: ErrorCode): Buffer {
  return frameOf(FRAME.rstStream, 0, stream, uint32(code))
}

export function windowUpdateFrame(stream: number, bytes: number): Buffer {
  return frameOf(FRAME.windowUpdate, 0, stream, uint32(bytes))
}

/** We accept no streams of the peer, so the last one processed is none. */
export function goawayFrame(code: ErrorCode): Buffer {
  return frameOf(FRAME.goaway, 0, 0, Buffer.concat([uint32(0), uint32(code)]))
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32BE(value)
  return bytes
}
