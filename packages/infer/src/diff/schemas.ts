import type { JsonSchema } from '../schema/json-schema.ts';
import type { SchemaChange } from './change.ts';

/** Bounds by what a greater number does to them. */
const lower = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'];
const upper = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'];
const texts = ['description', 'title', 'examples', 'deprecated'];
const others = ['pattern', 'format', 'multipleOf', 'uniqueItems'];

/** How `after` differs from `before`. Both are documents that inference wrote. */
export function compareSchemas(before: JsonSchema, after: JsonSchema): SchemaChange[] {
  const compared = new Set<string>();
  const compare = (left: JsonSchema, right: JsonSchema, path: string): SchemaChange[] => {
    const [from, to] = [resolved(left, before), resolved(right, after)];
    const references = `${String(left['$ref'])} ${String(right['$ref'])}`;
    if (references !== 'undefined undefined') {
      if (compared.has(references)) return [];
      compared.add(references);
    }
    if (JSON.stringify(from) === JSON.stringify(to) && references === 'undefined undefined') return [];
    return [
      ...compareKinds(from, to, path),
      ...compareProperties(from, to, path, compare),
      ...compareInner(from, to, path, compare),
      ...compareBounds(from, to, path),
      ...compareTexts(from, to, path),
    ];
  };
  const changes = compare(before, after, '');
  if (changes.length > 0 || canonical(before) === canonical(after)) return changes;
  return [{ effect: 'other', path: '', what: 'changed' }];
}

/** The same text for schemas that differ in order alone. */
function canonical(schema: unknown): string {
  return JSON.stringify(schema, (key, value: unknown) => {
    if ((key === 'required' || key === 'enum') && Array.isArray(value))
      return value.map((each) => JSON.stringify(each)).toSorted((a, b) => (a < b ? -1 : 1));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

type Compare = (left: JsonSchema, right: JsonSchema, path: string) => SchemaChange[];

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const name = /^#\/\$defs\/(.+)$/.exec(String(schema['$ref']))?.[1];
  return name === undefined ? schema : ((root['$defs'] as Record<string, JsonSchema>)[name] ?? schema);
}

/** Types, enums and unions: what kinds of values there are. */
function compareKinds(from: JsonSchema, to: JsonSchema, path: string): SchemaChange[] {
  const [old, now] = [kindsOf(from), kindsOf(to)];
  const gone = old.filter((kind) => !now.some((each) => covers(each, kind)));
  const come = now.filter((kind) => !old.some((each) => covers(each, kind)));
  if (gone.length > 0 && come.length > 0 && gone.length === old.length) {
    return [{ effect: 'other', path, what: `was ${old.join(' or ')}, is ${now.join(' or ')}` }];
  }
  return [
    ...gone.map((kind): SchemaChange => ({ effect: 'narrower', path, what: `${kind} is no longer possible` })),
    ...come.map((kind): SchemaChange => ({ effect: 'wider', path, what: `${kind} is possible` })),
  ];
}

/** What a value can be, as words: `"free"`, `string`, `integer`, `anything`. Objects of a union are told by their shape. */
function kindsOf(schema: JsonSchema): string[] {
  const members = schema['anyOf'] as readonly JsonSchema[] | undefined;
  if (members) {
    return members.flatMap((member) =>
      member['type'] === 'object' ? [JSON.stringify(shapeOf(member))] : kindsOf(member),
    );
  }
  if ('const' in schema) return [JSON.stringify(schema['const'])];
  if (schema['enum']) return (schema['enum'] as readonly unknown[]).map((value) => JSON.stringify(value));
  return [(schema['type'] as string | undefined) ?? 'anything'];
}

function shapeOf(schema: JsonSchema): unknown {
  return JSON.parse(JSON.stringify(schema, (key, value: unknown) => (texts.includes(key) ? undefined : value)));
}

function covers(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === 'anything') return true;
  if (wide === 'number') return narrow === 'integer' || /^-?\d/.test(narrow);
  if (wide === 'string') return narrow.startsWith('"');
  return wide === 'boolean' && (narrow === 'true' || narrow === 'false');
}

function compareProperties(from: JsonSchema, to: JsonSchema, path: string, compare: Compare): SchemaChange[] {
  const [old, now] = [propertiesOf(from), propertiesOf(to)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((name): SchemaChange[] => {
    const inner = `${path}.${name}`;
    const [was, is] = [old[name], now[name]];
    if (!was || !is) {
      const need = isRequired(was ? from : to, name) ? 'required' : 'optional';
      return [{ effect: was ? 'removed' : 'added', path: inner, what: was ? 'is gone' : `is new, ${need}` }];
    }
    const changes = compare(was, is, inner);
    if (isRequired(from, name) === isRequired(to, name)) return changes;
    const required = isRequired(to, name);
    return [
      { effect: required ? 'narrower' : 'wider', path: inner, what: required ? 'is required' : 'is optional' },
      ...changes,
    ];
  });
}

function isRequired(schema: JsonSchema, name: string): boolean {
  return ((schema['required'] ?? []) as readonly string[]).includes(name);
}

function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  return (schema['properties'] ?? {}) as Record<string, JsonSchema>;
}

/** Elements, values, and the members of unions that stand in the same place. */
function compareInner(from: JsonSchema, to: JsonSchema, path: string, compare: Compare): SchemaChange[] {
  const changes: SchemaChange[] = [];
  for (const keyword of ['items', 'additionalProperties']) {
    const [was, is] = [from[keyword], to[keyword]];
    const inner = `${path}[]`;
    if (isSchema(was) && isSchema(is)) changes.push(...compare(was, is, inner));
    else if (isSchema(was) && is === false)
      changes.push({ effect: 'narrower', path: inner, what: 'is no longer possible' });
    else if (isSchema(is) && was === false) changes.push({ effect: 'wider', path: inner, what: 'is possible' });
  }
  for (const [index, was] of ((from['prefixItems'] ?? []) as JsonSchema[]).entries()) {
    const is = (to['prefixItems'] as JsonSchema[] | undefined)?.[index];
    if (is) changes.push(...compare(was, is, `${path}[${index}]`));
  }
  return changes;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}

function compareBounds(from: JsonSchema, to: JsonSchema, path: string): SchemaChange[] {
  return [...lower, ...upper, ...others].flatMap((keyword): SchemaChange[] => {
    const [was, is] = [from[keyword], to[keyword]] as (string | number | boolean | undefined)[];
    if (was === is || (keyword in from && !sharesType(from, to))) return [];
    if (was === undefined) return [{ effect: 'narrower', path, what: `has ${keyword} ${is}` }];
    if (is === undefined) return [{ effect: 'wider', path, what: `has no ${keyword} any more` }];
    const what = `${keyword} was ${was}, is ${is}`;
    if (others.includes(keyword)) return [{ effect: 'other', path, what }];
    return [{ effect: is > was === lower.includes(keyword) ? 'narrower' : 'wider', path, what }];
  });
}

function sharesType(from: JsonSchema, to: JsonSchema): boolean {
  return kindsOf(to).some((kind) => kindsOf(from).some((each) => covers(each, kind) || covers(kind, each)));
}

function compareTexts(from: JsonSchema, to: JsonSchema, path: string): SchemaChange[] {
  const changed = (keyword: string): boolean => JSON.stringify(from[keyword]) !== JSON.stringify(to[keyword]);
  return [
    ...texts.filter(changed).map((keyword): SchemaChange => ({ effect: 'text', path, what: `its ${keyword} changed` })),
    ...(changed('default')
      ? [{ effect: 'text', path, what: `its default was ${word(from['default'])}, is ${word(to['default'])}` } as const]
      : []),
  ];
}

function word(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}
