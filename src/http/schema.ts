/**
 * JSON Schema 2020-12 for the OpenAPI documents, which embed it as it is; nothing is validated with it. The few forms
 * that routes need, by the names that TypeBox gives them: the library is 373 modules, 6 MB of memory and a tenth of a
 * second at every start (docs/adr/0019-schemas.md).
 */
export interface Schema {
  readonly contentMediaType?: string
  readonly [keyword: string]: unknown
}

export interface ObjectSchema<Properties> extends Schema {
  readonly properties: Properties
}

/** A property that may be left out; the mark is no part of the JSON. */
const optional = new WeakSet<Schema>()

type Options = Schema

function object<Properties extends Readonly<Record<string, Schema>>>(
  properties: Properties,
  options: Options = {},
): ObjectSchema<Properties> {
  const required = Object.keys(properties).filter((name) => !optional.has(properties[name] as Schema))
  return { type: "object", ...(required.length > 0 && { required }), properties, ...options }
}

export const Type = {
  String: (options: Options = {}): Schema => ({ type: "string", ...options }),
  Integer: (options: Options = {}): Schema => ({ type: "integer", ...options }),
  Number: (options: Options = {}): Schema => ({ type: "number", ...options }),
  Boolean: (options: Options = {}): Schema => ({ type: "boolean", ...options }),
  Null: (options: Options = {}): Schema => ({ type: "null", ...options }),
  Unknown: (options: Options = {}): Schema => ({ ...options }),
  Literal: (value: string | number | boolean, options: Options = {}): Schema => ({
    type: typeof value,
    const: value,
    ...options,
  }),
  Union: (anyOf: readonly Schema[], options: Options = {}): Schema => ({ anyOf, ...options }),
  Array: (items: Schema, options: Options = {}): Schema => ({ type: "array", items, ...options }),
  /** Keys are any text. */
  Record: (_keys: Schema, values: Schema, options: Options = {}): Schema => ({
    type: "object",
    patternProperties: { "^.*$": values },
    ...options,
  }),
  Object: object,
  /** The same object with every property optional. */
  Partial({ required: _required, ...rest }: Schema, options: Options = {}): Schema {
    return { ...rest, ...options }
  },
  Optional(schema: Schema): Schema {
    const copy = { ...schema }
    optional.add(copy)
    return copy
  },
} as const
