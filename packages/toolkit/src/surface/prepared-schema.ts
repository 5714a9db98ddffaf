import * as z from 'zod';

import type { Schema } from '../define/schema.ts';
import type { JsonSchema } from './surface.ts';

/** One thing that is wrong with a value; the fields beyond `message` and `path` are zod's, where zod found it. */
export interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  /** Of `unrecognized_keys`: the properties that the schema does not know. */
  readonly keys?: readonly string[];
  /** Of `invalid_union`: what each member says. */
  readonly errors?: readonly (readonly Issue[])[];
}

/** The value as the schema made it, or what is wrong with it. */
export type Validation =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

/** A schema that is advertised as JSON Schema and validates; the validator is built on first use. */
export class PreparedSchema {
  /** The document as it goes over the wire. */
  readonly json: JsonSchema;
  readonly #build: () => Schema;
  #validator: Schema | undefined;

  private constructor(json: JsonSchema, build: () => Schema) {
    this.json = json;
    this.#build = build;
  }

  /** From the document that `mortise infer` wrote. */
  static inferred(json: JsonSchema): PreparedSchema {
    return new PreparedSchema(json, () => z.fromJSONSchema(json));
  }

  /**
   * From a schema that the author gave. An object that says nothing about further properties is closed: a misspelt
   * argument has to be an error, where zod's `z.object` alone would drop it in silence. A JSON Schema document given
   * by `fromJsonSchema` goes out as it is.
   */
  static explicit(schema: Schema, direction: 'input' | 'output'): PreparedSchema {
    const document = schema['~standard'].jsonSchema[direction]({ target: 'draft-2020-12' });
    if (schema['~standard'].vendor === 'mcp') return new PreparedSchema(document, () => schema);
    const { $schema: _, ...json } = document;
    const closed = json['type'] === 'object' && !('additionalProperties' in json);
    return new PreparedSchema(closed ? { ...json, additionalProperties: false } : json, () => schema);
  }

  /** Validates `value`, which is never changed. Only validators that wait for something make it a promise. */
  validate(value: unknown): Validation | Promise<Validation> {
    this.#validator ??= this.#build();
    const unknown = this.#unknownProperties(value);
    const result = this.#validator['~standard'].validate(value);
    if (unknown.length === 0) return result;
    return result instanceof Promise ? result.then((each) => refused(each, unknown)) : refused(result, unknown);
  }

  #unknownProperties(value: unknown): readonly string[] {
    const { properties, additionalProperties, patternProperties } = this.json;
    if (additionalProperties !== false || patternProperties || typeof value !== 'object' || value === null) return NONE;
    const known = (name: string): boolean => properties !== undefined && Object.hasOwn(properties as object, name);
    const names = Object.keys(value);
    return names.every(known) ? NONE : names.filter((name) => !known(name));
  }
}

const NONE: readonly string[] = [];

/** What the validator says, and that some properties are unknown; it may have dropped them in silence. */
function refused(result: Validation, unknown: readonly string[]): Validation {
  const known = result.issues ?? [];
  if (known.some((issue) => issue.code === 'unrecognized_keys' && !issue.path?.length)) return { issues: known };
  return { issues: [...known, { code: 'unrecognized_keys', keys: unknown, path: [], message: 'Unrecognized keys' }] };
}
