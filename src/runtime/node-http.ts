/**
 * node:http without what an `import` of it costs. An import statement reads every export, and to read `WebSocket` loads the
 * client behind the global `fetch`: 0.15 s and 13 MB that a server never uses. Types are imported from node:http itself.
 */
export const { Agent, createServer, request, STATUS_CODES } = process.getBuiltinModule("node:http")
