import { readFileSync } from 'node:fs';
import path from 'node:path';
import { distance } from 'fastest-levenshtein';

import { UsageError, type Terminal } from '../command.ts';
import { valueOf, type Schema } from './value.ts';

/** What `--help` says of arguments. */
export const argumentsHelp = `Arguments are typed by the tool's schema:

  key=value    text, a number, true or false, as the schema has it; given again for each item of a list
  key:=json    any JSON: limit:=5 tags:='["a","b"]' note:=null
  key=@file    the contents of a file; key=@- reads stdin
  -            all arguments as one JSON object from stdin`;

/**
 * The arguments of a tool, out of the words that were typed.
 * @throws UsageError that names the argument, and what the tool takes
 */
export async function argumentsOf(
  words: readonly string[],
  schema: Schema,
  terminal: Terminal,
): Promise<Record<string, unknown>> {
  if (words.filter((word) => word === '-' || word.endsWith('=@-')).length > 1)
    throw new UsageError('stdin can be read once');
  const given: Record<string, unknown> = {};
  for (const word of words) {
    if (word === '-') {
      Object.assign(given, objectOf(await terminal.input()));
      continue;
    }
    const [, name, isJson, text] = /^([^=:]+)(:?)=(.*)$/su.exec(word) ?? [];
    if (name === undefined || text === undefined) {
      throw new UsageError(`${word} is no argument: write key=value, key:=json, key=@file or -`);
    }
    const property = propertyOf(name, schema);
    const raw = !isJson && text.startsWith('@') ? await contentsOf(text.slice(1), name, terminal) : text;
    const value = isJson ? parsed(raw, name) : valueOf(raw, property, schema, name);
    const before = given[name];
    if (Array.isArray(before) && Array.isArray(value)) before.push(...(value as unknown[]));
    else if (before === undefined) given[name] = value;
    else throw new UsageError(`${name} is given twice, and is no list`);
  }
  const missing = (schema.required ?? []).filter((name) => given[name] === undefined);
  if (missing.length > 0)
    throw new UsageError(
      `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing: the tool takes ${takenBy(schema)}`,
    );
  return given;
}

function propertyOf(name: string, schema: Schema): Schema {
  const { properties = {}, additionalProperties = true } = schema;
  const property = properties[name];
  if (property !== undefined) return property;
  if (additionalProperties !== false) return typeof additionalProperties === 'object' ? additionalProperties : {};
  const near = Object.keys(properties).find((each) => distance(each, name) <= 2);
  throw new UsageError(
    `there is no argument ${name}${near === undefined ? '' : `; did you mean ${near}?`} The tool takes ${takenBy(schema)}`,
  );
}

function takenBy({ properties = {}, required = [] }: Schema): string {
  const names = Object.keys(properties).map((name) => (required.includes(name) ? name : `[${name}]`));
  return names.length === 0 ? 'no arguments' : names.join(' ');
}

async function contentsOf(file: string, name: string, terminal: Terminal): Promise<string> {
  if (file === '-') return await terminal.input();
  try {
    return readFileSync(path.resolve(terminal.directory, file), 'utf8');
  } catch (error) {
    throw new UsageError(`${name}: ${file} cannot be read (${(error as { code?: string }).code})`);
  }
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${name} is not JSON: ${text}`);
  }
}

function objectOf(text: string): object {
  const value = parsed(text, 'stdin');
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new UsageError('stdin has to be one JSON object');
}
