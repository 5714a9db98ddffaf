import { ToolError } from '../define/errors.ts';
import type { Definition, Values } from '../surface/definition.ts';
import type { Issue } from '../surface/prepared-schema.ts';
import { members } from '../surface/resolve.ts';
import type { JsonSchema } from '../surface/surface.ts';
import { coerce } from './coerce.ts';
import { nearest } from './nearest.ts';

/**
 * The arguments as the definition's schema accepts them, after lossless coercion where they do not fit at once.
 * @throws ToolError INVALID_ARGUMENT that names each field and what it should be
 */
export async function parseArguments(definition: Definition, given: unknown): Promise<Values> {
  const { input } = definition;
  const values = given ?? {};
  const first = await input.validate(values);
  if (!first.issues) return first.value as Values;
  const coerced = coerce(values, input.json);
  const second = await input.validate(coerced);
  if (!second.issues) return second.value as Values;
  const problems = second.issues.flatMap((issue) => describe(issue, coerced, input.json));
  const message = [...new Set(problems)].join('; ');
  throw new ToolError(message.endsWith('?') ? message : `${message}.`, {
    code: 'INVALID_ARGUMENT',
    hint: `Correct the arguments of ${definition.name} and call it again. ${accepted(input.json)}`,
  });
}

function describe(issue: Issue, root: unknown, schema: JsonSchema): string[] {
  const branches = issue.errors ?? [];
  // of a union, the member that came furthest says most
  const deepest = branches.toSorted((a, b) => depth(b) - depth(a))[0];
  const path = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
  if (issue.code === 'invalid_union' && deepest && depth(deepest) > 0) {
    return deepest.flatMap((inner) => describe({ ...inner, path: [...path, ...(inner.path ?? [])] }, root, schema));
  }
  const where = path.length === 0 ? 'the arguments' : path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = path.length === 0 ? Object.keys(schema['properties'] ?? {}) : [];
    return (issue.keys ?? []).map((key) => {
      const meant = nearest(key, known);
      const name = [...path.map(String), key].join('.');
      return `${name} is not an argument${meant === undefined ? '' : `; did you mean ${meant}?`}`;
    });
  }
  const value = path.reduce<unknown>((held, part) => (held as Record<PropertyKey, unknown> | undefined)?.[part], root);
  if (value === undefined) return [`${where} is required`];
  const wanted =
    issue.code === 'invalid_union'
      ? `expected one of ${branches.map((branch) => branch[0]?.message.replace(/^.*expected (\w+).*$/, '$1')).join(', ')}`
      : issue.message.replace(/^Invalid input: /, '').replace(/, received .*$/, '');
  return [`${where}: ${wanted}, got ${preview(value)}`];
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path?.length ?? 0));
}

function preview(value: unknown): string {
  if (typeof value === 'string' && value.length > 40) return `text of ${value.length} characters`;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** The arguments in a line, such as `Arguments: query (string), limit (integer, optional).` */
function accepted(schema: JsonSchema): string {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
  if (properties.length === 0) return 'It takes no arguments.';
  const required = (schema['required'] ?? []) as readonly string[];
  const list = properties.map(([name, property]) => {
    const types = members(property).flatMap((member) => (member['type'] ?? []) as string | string[]);
    const notes = [...new Set(types), ...(required.includes(name) ? [] : ['optional'])];
    return notes.length === 0 ? name : `${name} (${notes.join(', ')})`;
  });
  return `Arguments: ${list.join(', ')}.`;
}
