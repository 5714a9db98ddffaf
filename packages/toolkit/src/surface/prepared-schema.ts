import * as z from 'zod';

import { ConfigurationError } from '../define/configuration-error.ts';
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

interface Validator {
  validate(value: unknown): Validation | Promise<Validation>;
}

/** A schema that is advertised as JSON Schema and validates; the validator is built on first use. */
export class PreparedSchema {
  /** The document as it goes over the wire. */
  readonly json: JsonSchema;
  readonly #build: () => Validator;
  #validator: Validator | undefined;

  private constructor(json: JsonSchema, build: () => Validator) {
    this.json = json;
    this.#build = build;
  }

  /** From the document that `mortise infer` wrote. */
  static inferred(json: JsonSchema): PreparedSchema {
    return new PreparedSchema(json, () => z.fromJSONSchema(json)['~standard']);
  }

  /**
   * From a schema that the author gave. An object that says nothing about further properties is closed: a misspelt
   * argument has to be an error, where zod's `z.object` alone would drop it in silence. A JSON Schema document given
   * by `fromJsonSchema` goes out as it is.
   */
  static explicit(schema: Schema, direction: 'input' | 'output'): PreparedSchema {
    const document = schema['~standard'].jsonSchema[direction]({ target: 'draft-2020-12' });
    if (schema['~standard'].vendor === 'mcp') return new PreparedSchema(document, () => schema['~standard']);
    const { $schema: _, ...json } = document;
    const closed = json['type'] === 'object' && !('additionalProperties' in json);
    return new PreparedSchema(closed ? { ...json, additionalProperties: false } : json, () => schema['~standard']);
  }

  /**
   * The same schema with other descriptions of some properties.
   * @throws ConfigurationError MRT2016 for a property that is not there
   */
  described(texts: Readonly<Record<string, string>>, of: string): PreparedSchema {
    const properties = { ...this.#properties };
    for (const [name, description] of Object.entries(texts)) {
      properties[name] = { ...this.#property(name, of), description };
    }
    return new PreparedSchema({ ...this.json, properties }, this.#build);
  }

  /**
   * The same schema with some properties given: nobody is told of them, sending them is a mistake, and what is
   * validated has them.
   * @throws ConfigurationError MRT2016 for a property that is not there, or that the value is none of
   */
  fixed(values: Readonly<Record<string, unknown>>, of: string): PreparedSchema {
    const properties = { ...this.#properties };
    for (const [name, value] of Object.entries(values)) {
      const $defs = this.json['$defs'];
      const property: JsonSchema = { ...this.#property(name, of), ...($defs !== undefined && { $defs }) };
      const [issue] = z.fromJSONSchema(property).safeParse(value).error?.issues ?? [];
      if (issue) {
        throw new ConfigurationError(`MRT2016: ${name} of ${of} cannot be ${JSON.stringify(value)}: ${issue.message}`);
      }
      delete properties[name];
    }
    const required = ((this.json['required'] ?? []) as string[]).filter((name) => !Object.hasOwn(values, name));
    const { required: _, ...json } = this.json;
    const validate = (value: unknown): Validation | Promise<Validation> =>
      this.validate({ ...(value as object), ...values });
    return new PreparedSchema({ ...json, properties, ...(required.length > 0 && { required }) }, () => ({ validate }));
  }

  get #properties(): Record<string, JsonSchema> {
    return (this.json['properties'] ?? {}) as Record<string, JsonSchema>;
  }

  #property(name: string, of: string): JsonSchema {
    const property = Object.hasOwn(this.#properties, name) ? this.#properties[name] : undefined;
    if (property) return property;
    throw new ConfigurationError(`MRT2016: ${name} is no argument of ${of}; ${listed(Object.keys(this.#properties))}.`);
  }

  /** Validates `value`, which is never changed. Only validators that wait for something make it a promise. */
  validate(value: unknown): Validation | Promise<Validation> {
    this.#validator ??= this.#build();
    const unknown = this.#unknownProperties(value);
    const result = this.#validator.validate(value);
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

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
}

const NONE: readonly string[] = [];

/** What the validator says, and that some properties are unknown; it may have dropped them in silence. */
function refused(result: Validation, unknown: readonly string[]): Validation {
  const known = result.issues ?? [];
  if (known.some((issue) => issue.code === 'unrecognized_keys' && !issue.path?.length)) return { issues: known };
  return { issues: [...known, { code: 'unrecognized_keys', keys: unknown, path: [], message: 'Unrecognized keys' }] };
}
