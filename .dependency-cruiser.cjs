// Who may import whom. This table is the architecture; ARCHITECTURE.md explains it.
const SURFACE = [
  "http/route.ts",
  "http/schema.ts",
  "http/errors.ts",
  "service",
  "policy",
  "domain",
  "runtime",
]

/** Folder or file (as a pattern below src/) → what its modules may import (prefixes below src/). */
const LAYERS = {
  domain: ["domain"],
  runtime: ["runtime"],
  config: ["config", "domain/limits.ts", "runtime"],
  policy: ["policy", "domain", "runtime", "store/[^/]+[.]ts"],
  service: ["service", "policy/principal.ts", "domain", "runtime", "store/[^/]+[.]ts"],
  provider: ["provider", "domain", "runtime"],
  simulator: ["simulator", "domain", "runtime"],
  delivery: ["delivery", "domain", "runtime", "store/[^/]+[.]ts", "provider/provider.ts"],
  "http/[^/]+[.]ts": ["http", "service", "policy", "domain", "runtime"],
  "http/backendless": ["http/backendless", ...SURFACE],
  // The dialect's decoders are the one place of the rules for what may be registered and published.
  "http/admin": ["http/admin", "http/backendless/decode[^/]*[.]ts", ...SURFACE],
  "store/[^/]+[.]ts": ["store/[^/]+[.]ts", "domain"],
  "store/sqlite": ["store/sqlite", "store/[^/]+[.]ts", "domain", "runtime"],
  cli: ["cli", "server", "simulator", "service", "policy/principal.ts", "config", "domain", "runtime"],
  server: [
    "server",
    "config",
    "runtime",
    "domain",
    "policy",
    "service",
    "store",
    "provider",
    "simulator",
    "delivery",
    "http",
  ],
}

/** The same below console/src: the Console knows the server by its OpenAPI document only. */
const CONSOLE_LAYERS = {
  api: ["api"],
  ui: ["ui"],
  app: ["app", "api", "ui"],
  // One screen does not lean on another, but for what every screen is reached from.
  "screens/[^/]+": ["screens/$1", "screens/home", "app", "api", "ui"],
}

/** npm package → the only modules that may import it. */
const PACKAGES = {
  "better-sqlite3": "^src/store/sqlite/",
  fastify: "^src/http/app[.]ts",
  pino: "^src/runtime/log[.]ts",
  commander: "^src/cli",
  jose: "^src/service/identity-tokens[.]ts",
  "rate-limiter-flexible": "^src/http/rate-meter[.]ts",
  "@node-rs/argon2": "^src/runtime/argon2",
}

const below = (place) => `^src/${place}${/[.\]]ts$/.test(place) ? "$" : "(/|[.]ts$)"}`

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Two modules that need each other are one module, or a third one is missing.",
      severity: "error",
      from: { path: "^(src|console/src)/" },
      to: { circular: true },
    },
    ...Object.entries(LAYERS).map(([from, allowed]) => ({
      name: `layer-${from.replace(/[^a-z]+/g, "-")}`,
      comment: `src/${from} may import only: ${allowed.join(", ")}.`,
      severity: "error",
      from: { path: below(from), pathNot: "[.]test[.]ts$" },
      to: { path: "^src/", pathNot: allowed.map(below) },
    })),
    {
      name: "folder-without-a-row",
      comment: "A new folder needs a row in LAYERS, or its modules might import anything.",
      severity: "error",
      from: { path: "^src/", pathNot: Object.keys(LAYERS).map(below) },
      to: { path: "^src/" },
    },
    ...Object.entries(CONSOLE_LAYERS).map(([from, allowed]) => ({
      name: `console-${from.replace(/[^a-z]+/g, "-")}`,
      comment: `console/src/${from} may import only: ${allowed.join(", ")}.`,
      severity: "error",
      from: { path: `^console/src/${from.replace("[^/]+", "([^/.]+)")}/` },
      to: {
        path: "^console/src/",
        pathNot: allowed.map((place) => `^console/src/${place}(/|[.]tsx$)`).concat("[.](css|svg)$"),
      },
    })),
    {
      name: "console-stands-alone",
      comment: "The Console imports nothing of the server: whatever it can do, the management API can do.",
      severity: "error",
      from: { path: "^console/" },
      to: { path: "^(src|test|bench|scripts)/" },
    },
    {
      name: "server-without-console",
      comment: "The server serves the built files of the Console and runs without them.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^console/" },
    },
    ...Object.entries(PACKAGES).map(([name, only]) => ({
      name: `package-${name.replace(/[^a-z0-9]+/g, "-")}`,
      comment: `Only ${only} may import ${name}.`,
      severity: "error",
      from: { path: "^src/", pathNot: [only, "[.]test[.]ts$"] },
      to: { path: `node_modules/${name}/` },
    })),
    {
      name: "node-http-by-its-own-door",
      comment:
        "An import of node:http or node:http2 makes every start slow: use src/runtime/node-http.ts or node-http2.ts.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/runtime/node-http[.]ts$|[.]test[.]ts$" },
      to: { path: "^(node:)?http$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "domain-is-pure",
      comment: "The domain does no I/O: hand in what it needs.",
      severity: "error",
      from: { path: "^src/domain/", pathNot: "[.]test[.]ts$" },
      to: { dependencyTypes: ["core", "npm", "npm-dev"] },
    },
    {
      name: "tests-stay-out",
      comment: "Shipped code imports no test, benchmark or script.",
      severity: "error",
      from: { path: "^src/", pathNot: "[.]test[.]ts$" },
      to: { path: "^(test|bench|scripts)/|[.]test[.]ts$" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
  },
}
