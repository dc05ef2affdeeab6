/** What the server, or the way to it, has against a request. `message` is for people and says what to do. */
export class ApiError extends Error {
  /** The HTTP status; 0 when no answer came. */
  readonly status: number
  /** Of docs/errors.md; 0 when no answer came. */
  readonly code: number
  /** The property of the request that is wrong, if it is one. */
  readonly property: string | undefined

  constructor(status: number, code: number, message: string, property?: string) {
    super(message)
    this.name = "ApiError"
    this.status = status
    this.code = code
    this.property = property
  }

  /** Nobody is signed in, or not any more. */
  get isUnauthenticated(): boolean {
    return this.status === 401 && this.code === NOT_AUTHENTICATED
  }
}

const NOT_AUTHENTICATED = 90010

/** Whether the server knows nothing by that name. */
export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404
}

export function unreachable(): ApiError {
  return new ApiError(
    0,
    0,
    "The server does not answer. Check that it is running and that this computer reaches it, then try again.",
  )
}

/** The error that an answer outside of 200 to 299 stands for. A proxy in between may answer with anything. */
export async function errorOf(response: Response): Promise<ApiError> {
  const { status, statusText } = response
  const body: unknown = await response.json().catch(() => undefined)
  if (!isEnvelope(body)) {
    return new ApiError(
      status,
      0,
      `Something between this page and the server answered ${status} ${statusText}. Try again; if it stays, look at the proxy.`,
    )
  }
  const property = body.errorData?.property
  return new ApiError(status, body.code, body.message, typeof property === "string" ? property : undefined)
}

interface Envelope {
  readonly code: number
  readonly message: string
  readonly errorData?: { readonly property?: unknown }
}

function isEnvelope(body: unknown): body is Envelope {
  return (
    typeof body === "object" &&
    body !== null &&
    "code" in body &&
    typeof body.code === "number" &&
    "message" in body &&
    typeof body.message === "string"
  )
}
