import type { Code } from '../codes.ts';
import type { Program } from '../compiler/program.ts';
import { TypeFlags, type Type } from '../compiler/typescript.ts';
import type { JsonSchema } from './json-schema.ts';
import { literalOf } from './literal.ts';
import type { Tag } from './tsdoc.ts';

/** A constraint that cannot be used: why, and what to write instead. */
export interface Misuse {
  readonly code: Code;
  readonly what: string;
  readonly fix: string;
}

/** Whether applying a constraint failed. */
export function isMisuse(result: JsonSchema | Misuse): result is Misuse {
  return 'code' in result && 'fix' in result;
}

const numeric = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
const ofText = ['minLength', 'maxLength', 'pattern', 'format'];
const ofArrays = ['minItems', 'maxItems', 'uniqueItems'];
const counts = ['minLength', 'maxLength', 'minItems', 'maxItems'];
const formats = 'date date-time time duration email hostname ipv4 ipv6 uri uuid'.split(' ');
const shortcuts: Readonly<Record<string, string>> = { min: 'minimum', max: 'maximum', defaultValue: 'default' };

/** Names the HTTP header in which a client repeats the argument; specification 2026-07-28. */
export const headerKeyword = 'x-mcp-header';

/** Which types a keyword applies to. */
function appliesTo(keyword: string): readonly string[] {
  if (numeric.includes(keyword)) return ['number', 'integer'];
  if (ofText.includes(keyword)) return ['string'];
  if (keyword === headerKeyword) return ['string', 'integer', 'boolean'];
  return ofArrays.includes(keyword) ? ['array'] : [];
}

/** The keywords that a tag stands for; nothing for a tag that is no constraint. */
export function keywordsOf({ name, text }: Tag): JsonSchema | Misuse | undefined {
  const keyword = shortcuts[name] ?? name;
  const value = text.replace(/^`([^`]*)`$/, '$1').trim();
  if (numeric.includes(keyword) || counts.includes(keyword))
    return { [keyword]: value === '' ? Number.NaN : Number(value) };
  if (keyword === 'pattern' || keyword === 'format' || keyword === 'title') return { [keyword]: value };
  if (keyword === 'integer' || (keyword === 'asType' && value === 'integer')) return { type: 'integer' };
  if (keyword === 'asType')
    return { code: 'MRT1040', what: `@asType ${value} is not known`, fix: 'write @asType integer' };
  if (keyword === 'mcpHeader') return { [headerKeyword]: value };
  if (keyword === 'uniqueItems') return { uniqueItems: true };
  if (keyword === 'default') return { default: jsonOrText(value) };
  if (keyword === 'example' || keyword === 'examples') return { examples: [jsonOrText(value)].flat() };
  return undefined;
}

/** The keywords that a constraint type carries: `{ readonly __schema?: { minimum: 1 } }`. */
export function keywordsOfType(program: Program, type: Type): JsonSchema | undefined {
  const { checker } = program;
  const [property, more] = checker.getPropertiesOfType(type);
  if (property?.name !== '__schema' || more) return undefined;
  const carried = checker.getTypeOfSymbol(property);
  const value = carried && literal(program, carried);
  return typeof value === 'object' && value !== null ? (value as JsonSchema) : {};
}

/** The schema with the keywords, or why they do not go together. */
export function constrained(schema: JsonSchema, keywords: JsonSchema, source: string): JsonSchema | Misuse {
  const result = { ...schema };
  for (const [keyword, value] of Object.entries(keywords)) {
    const misuse = misuseOf(schema, keyword, value, source);
    if (misuse) return misuse;
    if (keyword === 'examples')
      result['examples'] = [...((schema['examples'] as unknown[]) ?? []), ...(value as unknown[])];
    else result[keyword] = value;
  }
  return result;
}

function misuseOf(schema: JsonSchema, keyword: string, value: unknown, source: string): Misuse | undefined {
  const type = schema['type'];
  const applies = keyword === 'type' ? ['number', 'integer'] : appliesTo(keyword);
  if (applies.length > 0 && !applies.includes(type as string)) {
    const found = typeof type === 'string' ? `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}` : 'a union';
    return {
      code: 'MRT1041',
      what: `${source} does not apply to ${found}`,
      fix: `remove it, or put it on a ${applies[0]}${typeof type === 'string' ? '' : ' inside the union'}`,
    };
  }
  const unusable = unusableValue(keyword, value);
  if (unusable) return { code: 'MRT1040', what: `${source} needs ${unusable}`, fix: `give it ${unusable}` };
  if (keyword !== 'type' && keyword in schema && keyword !== 'examples' && schema[keyword] !== value) {
    const both = `${JSON.stringify(schema[keyword])} and ${JSON.stringify(value)}`;
    return { code: 'MRT1042', what: `${keyword} is given twice, as ${both}`, fix: 'keep one of them' };
  }
  return undefined;
}

function unusableValue(keyword: string, value: unknown): string | undefined {
  if (counts.includes(keyword) && !(Number.isInteger(value) && (value as number) >= 0)) return 'a whole number from 0';
  if (numeric.includes(keyword) && !Number.isFinite(value)) return 'a number';
  if (keyword === 'multipleOf' && (value as number) <= 0) return 'a number above 0';
  if (keyword === 'format' && !formats.includes(value as string)) return `one of ${formats.join(', ')}`;
  if (keyword === headerKeyword && !/^[A-Za-z0-9-]+$/.test(String(value))) return 'a name of letters, digits and -';
  if (keyword !== 'pattern') return undefined;
  try {
    return void new RegExp(value as string, 'u');
  } catch {
    return 'a regular expression';
  }
}

function jsonOrText(value: string): unknown {
  const fenced = /^```\w*\n([\s\S]*?)\n?```$/.exec(value)?.[1] ?? value;
  try {
    return JSON.parse(fenced);
  } catch {
    return fenced;
  }
}

/** The value of a type that has only one; undefined for every other type. */
function literal(program: Program, type: Type): unknown {
  const { checker } = program;
  if (type.isUnionType()) {
    const members = program.membersOf(type).filter((member) => !(member.flags & TypeFlags.Undefined));
    return members.length === 1 ? literal(program, members[0] as Type) : undefined;
  }
  if (!type.isObjectType()) return literalOf(checker, type);
  const properties = checker.getPropertiesOfType(type);
  const held = checker.getTypeOfSymbol(properties);
  return Object.fromEntries(
    properties.map(({ name }, index) => [name, held[index] && literal(program, held[index])] as const),
  );
}
