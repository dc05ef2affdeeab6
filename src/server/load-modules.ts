/**
 * Loads every module that a server needs, those of its threads included, and does nothing with them: for
 * bin/fill-compile-cache.js. In one thread, because each would load the stripper of types for itself.
 */
await Promise.all([
  import("../server.ts"),
  import("../store/sqlite/store-thread.ts"),
  import("../store/sqlite/checkpoint-worker.ts"),
])
