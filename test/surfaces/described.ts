import type { JsonSchema } from '@mortise/infer';
import * as fc from 'fast-check';

/** How deep a recursive schema is followed where it need not be. */
const DEEP = 5;

/** By `format`. */
const formats: Readonly<Record<string, fc.Arbitrary<string>>> = {
  date: instants().map((instant) => instant.slice(0, 10)),
  'date-time': instants(),
  email: fc.constantFrom('ada@example.com', 'a.b+c@mail.example.org'),
  uuid: fc.uuid(),
};

/**
 * Values that a schema describes, by the keywords that `mortise infer` writes; what only a cut at {@link DEEP} makes
 * possible may not be valid.
 * @param root - The document that `$ref` points into
 */
export function described(schema: JsonSchema, root: JsonSchema = schema, depth = 0): fc.Arbitrary<unknown> {
  const inside = (each: unknown): fc.Arbitrary<unknown> => described(each as JsonSchema, root, depth + 1);
  if ('const' in schema) return fc.constant(schema['const']);
  if ('enum' in schema) return fc.constantFrom(...(schema['enum'] as unknown[]));
  if ('$ref' in schema) return depth > DEEP ? fc.constant(null) : inside(referenced(schema['$ref'] as string, root));
  if ('anyOf' in schema) return fc.oneof(...(schema['anyOf'] as unknown[]).map(inside));
  switch (schema['type']) {
    case 'object':
      return object(schema, inside, depth > DEEP);
    case 'array':
      return array(schema, inside, depth > DEEP);
    case 'string':
      return string(schema);
    case 'integer':
    case 'number':
      return number(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

type Inside = (schema: unknown) => fc.Arbitrary<unknown>;

function object(schema: JsonSchema, inside: Inside, isDeep: boolean): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties = false } = schema;
  const requiredKeys = required as string[];
  const wanted = Object.entries(properties as object).filter(([name]) => !isDeep || requiredKeys.includes(name));
  const known = fc.record(Object.fromEntries(wanted.map(([name, each]) => [name, inside(each)])), { requiredKeys });
  if (additionalProperties === false || isDeep) return known;
  const others = fc.dictionary(fc.string(), inside(additionalProperties === true ? {} : additionalProperties));
  return fc.tuple(others, known).map(([first, second]) => ({ ...first, ...second }));
}

function array(schema: JsonSchema, inside: Inside, isDeep: boolean): fc.Arbitrary<unknown> {
  const { prefixItems = [], items = {}, minItems = 0, maxItems = Infinity, uniqueItems = false } = schema;
  const first = prefixItems as unknown[];
  const minLength = Math.max(0, Number(minItems) - first.length);
  const maxLength = Math.min(Number(maxItems) - first.length, isDeep ? minLength : minLength + 3);
  const length = { minLength, maxLength: items === false ? 0 : maxLength };
  const rest = uniqueItems
    ? fc.uniqueArray(inside(items), { ...length, selector: (value) => JSON.stringify(value) })
    : fc.array(items === false ? fc.constant(null) : inside(items), length);
  return fc.tuple(fc.tuple(...first.map(inside)), rest).map(([start, end]) => [...start, ...end]);
}

function string({ format, pattern, minLength = 0, maxLength = 1000 }: JsonSchema): fc.Arbitrary<string> {
  if (typeof format === 'string') return formats[format] ?? fc.string();
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern, 'u'));
  // any characters: a length counts code points
  return fc.string({ unit: 'binary', minLength: Number(minLength), maxLength: Number(maxLength), size: 'max' });
}

function number(schema: JsonSchema): fc.Arbitrary<number> {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf } = schema as Record<string, number>;
  const bounds = {
    min: minimum ?? exclusiveMinimum ?? Number.MIN_SAFE_INTEGER,
    max: maximum ?? exclusiveMaximum ?? Number.MAX_SAFE_INTEGER,
  };
  if (schema['type'] === 'number' && multipleOf === undefined) {
    const open = { minExcluded: exclusiveMinimum !== undefined, maxExcluded: exclusiveMaximum !== undefined };
    return fc.double({ ...bounds, ...open, noNaN: true });
  }
  const step = multipleOf ?? 1;
  const least = Math.ceil(bounds.min / step) + (exclusiveMinimum === bounds.min ? 1 : 0);
  const most = Math.floor(bounds.max / step) - (exclusiveMaximum === bounds.max ? 1 : 0);
  return fc.integer({ min: least, max: most }).map((each) => each * step);
}

function instants(): fc.Arbitrary<string> {
  const min = new Date('1970-01-01T00:00:00Z');
  const max = new Date('2100-01-01T00:00:00Z');
  return fc.date({ noInvalidDate: true, min, max }).map((date) => date.toISOString());
}

function referenced(reference: string, root: JsonSchema): JsonSchema {
  const steps = reference.split('/').slice(1);
  return steps.reduce((schema, step) => schema[step] as JsonSchema, root);
}
