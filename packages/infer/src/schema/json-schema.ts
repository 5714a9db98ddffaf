/** A JSON Schema 2020-12 document or subschema that is being built. Symbol keys are notes to ourselves, never written. */
export interface JsonSchema {
  [keyword: string]: unknown;
  /** A string that stands for a `Date`. */
  [isDate]?: true;
  /** What the members of an enum mean; belongs to the description, whoever writes it. */
  [legend]?: string;
}

export const isDate: unique symbol = Symbol('Date');
export const legend: unique symbol = Symbol('legend');

/** The same schema with a description; a description that it has already gives way. */
export function described(schema: JsonSchema, text: string): JsonSchema {
  const description = [text, schema[legend]].filter(Boolean).join('\n');
  return description ? { ...schema, description } : schema;
}
