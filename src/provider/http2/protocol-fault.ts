/** Error codes of RFC 9113, 7, as far as we send or tell them apart. */
export const ERROR = {
  none: 0x0,
  protocol: 0x1,
  flowControl: 0x3,
  frameSize: 0x6,
  refusedStream: 0x7,
  cancel: 0x8,
  compression: 0x9,
  enhanceYourCalm: 0xb,
} as const

export type ErrorCode = (typeof ERROR)[keyof typeof ERROR]

/** The peer broke the protocol in a way after which nothing on the connection can be trusted. */
export class ProtocolFault extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
