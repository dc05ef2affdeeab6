import type { Operation, Subject } from "./matrix.ts"

/** A field of the table: whom it is about, and what they may do. */
export interface Spot {
  readonly subject: Subject
  readonly operation: Operation
}
