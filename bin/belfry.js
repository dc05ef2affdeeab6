#!/usr/bin/env -S node --max-semi-space-size=4
import { enableCompileCache } from "node:module"
import { join } from "node:path"

/**
 * The way into the program. JavaScript, so that nothing is loaded before the cache is: a single module that Node has to
 * strip of its types itself brings the stripper along, 30 MB for as long as the process lives. The cache also halves the
 * time to start. A directory that cannot be written only means no cache. The option above, which package.json repeats,
 * keeps V8 from growing the space for young objects to 33 MB, which makes nothing faster here.
 */
enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/belfry"))
await import("../src/cli.ts")
