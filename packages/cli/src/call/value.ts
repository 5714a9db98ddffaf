import { UsageError } from '../command.ts';

/** The parts of a JSON Schema that say how a typed word is read. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/**
 * Reads a word as the schema types it. Where several types are allowed, a listed value comes first, then text, then
 * whatever the word is.
 * @param root - Where `$ref` points into
 * @throws UsageError when it can be nothing that the schema allows
 */
export function valueOf(word: string, schema: Schema, root: Schema, name: string): unknown {
  const choices = choicesOf(schema, root);
  const listed = choices.flatMap((each) => each.enum ?? ('const' in each ? [each.const] : []));
  const found = listed.find((each) => String(each) === word);
  if (found !== undefined) return found;
  const open = choices.filter((each) => each.enum === undefined && !('const' in each));
  const types = new Set(open.flatMap(({ type = [] }) => type));
  if (open.length > 0 && (types.has('string') || types.size === 0)) return word;
  if ((types.has('number') || types.has('integer')) && isNumber(word)) return Number(word);
  if (types.has('boolean') && (word === 'true' || word === 'false')) return word === 'true';
  if (types.has('null') && word === 'null') return null;
  const list = open.find(({ type = [] }) => type.includes('array'));
  if ((list || types.has('object')) && /^\s*[[{]/u.test(word)) {
    try {
      return JSON.parse(word);
    } catch {
      throw new UsageError(`${name} is not JSON: ${word}`);
    }
  }
  if (list) return [valueOf(word, list.items ?? {}, root, name)];
  const allowed = listed.length > 0 ? listed.join(', ') : [...types].join(' or ');
  throw new UsageError(`${name} has to be ${allowed}, not ${word}`);
}

function choicesOf(schema: Schema, root: Schema): Schema[] {
  const named = schema.$ref?.startsWith('#/$defs/') ? root.$defs?.[schema.$ref.slice('#/$defs/'.length)] : undefined;
  if (named) return choicesOf(named, root);
  const inner = schema.anyOf ?? schema.oneOf;
  return inner ? inner.flatMap((each) => choicesOf(each, root)) : [schema];
}

function isNumber(word: string): boolean {
  return word.trim() !== '' && Number.isFinite(Number(word));
}
