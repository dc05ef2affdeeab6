import { PLATFORM_CODES, platformFromCode } from "../../domain/platform.ts"
import type {
  AudienceDevice,
  RetryProgress,
  SegmentClaim,
  SegmentProgress,
  SegmentStore,
  SettledDevice,
} from "../message-store.ts"

/**
 * How the calls that go with every push travel between the threads: devices as columns. To copy an object for each costs
 * more than to send the push.
 */

/** Five numbers for each device: registration, platform, expiry, time of registration, length of the token; and `receives`. */
interface PackedPage {
  readonly numbers: Float64Array
  /** The tokens one after the other. */
  readonly tokens: string
}

/** Most devices are accepted, and nothing is stored of that beyond the fact. */
interface PackedSettled {
  readonly accepted: Float64Array
  readonly others: readonly SettledDevice[]
}

type Packed<Progress> = Omit<Progress, "settled"> & { readonly settled: PackedSettled }

/** The methods of the port that travel packed, on the store's own thread. */
export interface PackedSegments {
  audiencePage(claim: SegmentClaim, after: number, limit: number): Promise<PackedPage>
  checkpoint(claim: SegmentClaim, progress: Packed<SegmentProgress>): ReturnType<SegmentStore["checkpoint"]>
  checkpointRetries(
    claim: SegmentClaim,
    progress: Packed<RetryProgress>,
  ): ReturnType<SegmentStore["checkpointRetries"]>
}

type PackedMethod = keyof PackedSegments

export function packedSegments(segments: SegmentStore): PackedSegments {
  return {
    audiencePage: async (claim, after, limit) => packPage(await segments.audiencePage(claim, after, limit)),
    checkpoint: (claim, progress) =>
      segments.checkpoint(claim, { ...progress, settled: unpackSettled(progress.settled) }),
    checkpointRetries: (claim, progress) =>
      segments.checkpointRetries(claim, { ...progress, settled: unpackSettled(progress.settled) }),
  }
}

/** The same methods on the other thread; `call` carries them over. */
export function unpackedSegments(
  call: <M extends PackedMethod>(
    method: M,
    parameters: Parameters<PackedSegments[M]>,
  ) => ReturnType<PackedSegments[M]>,
): Pick<SegmentStore, PackedMethod> {
  return {
    audiencePage: async (...parameters) => unpackPage(await call("audiencePage", parameters)),
    checkpoint: (claim, progress) =>
      call("checkpoint", [claim, { ...progress, settled: packSettled(progress.settled) }]),
    checkpointRetries: (claim, progress) =>
      call("checkpointRetries", [claim, { ...progress, settled: packSettled(progress.settled) }]),
  }
}

const COLUMNS = 6

export function packPage(devices: readonly AudienceDevice[]): PackedPage {
  const numbers = new Float64Array(devices.length * COLUMNS)
  let tokens = ""
  for (const [index, device] of devices.entries()) {
    const { registration, token, platform, expiresAt, registeredAt, receives } = device
    const at = index * COLUMNS
    numbers[at] = registration
    numbers[at + 1] = platform === undefined ? 0 : PLATFORM_CODES[platform]
    numbers[at + 2] = expiresAt ?? Number.NaN
    numbers[at + 3] = registeredAt
    numbers[at + 4] = token.length
    numbers[at + 5] = receives ? 1 : 0
    tokens += token
  }
  return { numbers, tokens }
}

export function unpackPage({ numbers, tokens }: PackedPage): AudienceDevice[] {
  const devices: AudienceDevice[] = []
  let start = 0
  for (let at = 0; at < numbers.length; at += COLUMNS) {
    const expiresAt = numbers[at + 2] as number
    const end = start + (numbers[at + 4] as number)
    devices.push({
      registration: numbers[at] as number,
      token: tokens.slice(start, end),
      platform: platformFromCode(numbers[at + 1] as number),
      expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt,
      registeredAt: numbers[at + 3] as number,
      receives: numbers[at + 5] === 1,
    })
    start = end
  }
  return devices
}

export function packSettled(settled: readonly SettledDevice[]): PackedSettled {
  const others = settled.filter(({ outcome }) => outcome.kind !== "accepted")
  const accepted = new Float64Array(settled.length - others.length)
  let count = 0
  for (const { registration, outcome } of settled) {
    if (outcome.kind === "accepted") accepted[count++] = registration
  }
  return { accepted, others }
}

const ACCEPTED = { kind: "accepted" } as const

export function unpackSettled({ accepted, others }: PackedSettled): SettledDevice[] {
  const settled: SettledDevice[] = [...others]
  for (const registration of accepted) settled.push({ registration, outcome: ACCEPTED })
  return settled
}
