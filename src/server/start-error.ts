/** Why the program cannot do what it was started for: one sentence or two for the operator, with what to do. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = "StartError"
  }
}

/** The code of a failed system call, as `ENOENT`; empty for anything else. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : ""
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of the path is a file",
  ENOENT: "a part of the path does not exist",
  EEXIST: "there is a file of that name",
  EISDIR: "there is a directory of that name",
  EMFILE: "too many files are open",
}

/** A failed system call in words. */
export function reasonOf(error: unknown): string {
  const code = errorCode(error)
  return REASONS[code] ?? (code === "" ? String(error) : code)
}
