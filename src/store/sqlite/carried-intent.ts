import { AsyncLocalStorage } from "node:async_hooks"
import type { AuditIntent } from "../../domain/audit.ts"

/**
 * The intent that the present call carries to whatever it changes. Not a parameter: it concerns every method of the port that
 * writes, none of which should have to know.
 */
const carried = new AsyncLocalStorage<{ readonly intent: AuditIntent; isOver: boolean }>()

export async function carryIntent<T>(intent: AuditIntent, change: () => Promise<T>): Promise<T> {
  const held = { intent, isOver: false }
  try {
    return await carried.run(held, change)
  } finally {
    // What the call has set going beside it, such as a delivery, goes on under the same context.
    held.isOver = true
  }
}

export function carriedIntent(): AuditIntent | undefined {
  const held = carried.getStore()
  return held?.isOver === false ? held.intent : undefined
}
