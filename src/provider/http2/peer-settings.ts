import {
  FRAME_BYTES_LIMIT,
  FRAME_BYTES_MAX,
  SETTING,
  SETTING_BYTES,
  WINDOW_INITIAL,
  WINDOW_MAX,
} from "./frames.ts"
import { ERROR, ProtocolFault } from "./protocol-fault.ts"

/** What the peer allows us (RFC 9113, 6.5.2), at first what holds until it says otherwise. */
export class PeerSettings {
  maxConcurrentStreams = Number.POSITIVE_INFINITY
  initialWindowSize = WINDOW_INITIAL
  maxFrameSize = FRAME_BYTES_MAX
  readonly #onTableSize: (bytes: number) => void

  /** The size of the table is told value by value, because the lowest in between counts, too (RFC 7541, 4.2). */
  constructor(onTableSize: (bytes: number) => void) {
    this.#onTableSize = onTableSize
  }

  /** Takes the payload of a SETTINGS frame. Throws a ProtocolFault. */
  apply(bytes: Buffer, start: number, end: number): void {
    if ((end - start) % SETTING_BYTES !== 0) throw new ProtocolFault(ERROR.frameSize, "SETTINGS are cut off")
    for (let at = start; at < end; at += SETTING_BYTES) {
      this.#set(bytes.readUInt16BE(at), bytes.readUInt32BE(at + 2))
    }
  }

  #set(setting: number, value: number): void {
    switch (setting) {
      case SETTING.headerTableSize:
        this.#onTableSize(value)
        break
      case SETTING.enablePush:
        if (value !== 0) throw new ProtocolFault(ERROR.protocol, "a server cannot enable pushes")
        break
      case SETTING.maxConcurrentStreams:
        this.maxConcurrentStreams = value
        break
      case SETTING.initialWindowSize:
        if (value > WINDOW_MAX) throw new ProtocolFault(ERROR.flowControl, "the initial window is too large")
        this.initialWindowSize = value
        break
      case SETTING.maxFrameSize:
        if (value < FRAME_BYTES_MAX || value > FRAME_BYTES_LIMIT)
          throw new ProtocolFault(ERROR.protocol, "the maximum frame size is out of range")
        this.maxFrameSize = value
        break
    }
  }
}
