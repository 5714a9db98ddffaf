import type { AskingOptions } from '../define/asking.ts';
import { ConfigurationError } from '../define/configuration-error.ts';
import { markOf, type Mark } from '../define/marks.ts';
import type { Schema } from '../define/schema.ts';
import type { Context } from '../context/context.ts';
import type { Definition, PromptDefinition, ResourceDefinition, ToolDefinition, Values } from './definition.ts';
import { PreparedSchema } from './prepared-schema.ts';
import { reviveDates } from './revive-dates.ts';
import type { CallSurface, Class, ClassSurface, ResourceSurface } from './surface.ts';

/** What a class offers, ready to be listed and called. */
export interface BoundClass {
  readonly tools: readonly ToolDefinition[];
  readonly prompts: readonly PromptDefinition[];
  readonly resources: readonly ResourceDefinition[];
}

type Method = (this: object, ...parameters: unknown[]) => unknown;
type MarkOf<Kind extends Mark['kind']> = Extract<Mark, { kind: Kind }>;

/**
 * Joins what was inferred with what the decorators say. Every difference between the two is an error of the operator,
 * since it means that the surface does not describe this code.
 */
export function bindClass(type: Class, surface: ClassSurface): BoundClass {
  const marked = markedMethods(type);
  const take = <Kind extends Mark['kind']>(kind: Kind, entry: CallSurface): [MarkOf<Kind>, Method] => {
    const found = marked.get(entry.method);
    if (found?.mark.kind !== kind) throw stale(`${type.name}.${entry.method} is a ${kind} in it, but not in the class`);
    marked.delete(entry.method);
    return [found.mark as MarkOf<Kind>, found.method];
  };
  const tools = (surface.tools ?? []).map((entry) => {
    const [mark, method] = take('tool', entry);
    const { options, input, output } = mark;
    return { ...definition(type, entry, method, input, output), options: asking(entry, options) };
  });
  const prompts = (surface.prompts ?? []).map((entry) => {
    const [{ options }, method] = take('prompt', entry);
    return { ...definition(type, entry, method), options: asking(entry, options) };
  });
  const resources = (surface.resources ?? []).map((entry: ResourceSurface) => {
    const [{ options, uri }, method] = take('resource', entry);
    if (uri !== entry.uri) throw stale(`${type.name}.${entry.method} has the URI ${uri}, the surface has ${entry.uri}`);
    return { ...definition(type, entry, method), options: asking(entry, options), uri };
  });
  const [missing] = marked.keys();
  if (missing !== undefined) throw stale(`${type.name}.${missing} is not in it`);
  return { tools, prompts, resources };
}

/** What the method was seen to do, the options say too. */
function asking<Options extends AskingOptions>(entry: CallSurface, options: Options): Options {
  return entry.asks ? { ...options, asks: true } : options;
}

function definition(
  owner: Class,
  entry: CallSurface,
  method: Method,
  input?: Schema,
  output?: Schema,
): Omit<Definition, 'options'> {
  const name = `${owner.name}.${entry.method}`;
  if (!input && !entry.input) throw stale(`${name} has no input schema there`);
  const prepared = input ? PreparedSchema.explicit(input, 'input') : PreparedSchema.inferred(entry.input ?? {});
  const returns = output
    ? PreparedSchema.explicit(output, 'output')
    : entry.output && PreparedSchema.inferred(entry.output);
  return {
    name: entry.method,
    description: entry.description,
    input: prepared,
    output: returns,
    owner,
    inferred: entry,
    call: (instance, values, context) => method.apply(instance as object, parametersOf(entry, values, context)),
  };
}

/** Puts the arguments object into the order of the parameters. */
function parametersOf(entry: CallSurface, values: Values, context: Context): unknown[] {
  const revived = entry.dates ? reviveDates(values, entry.dates) : values;
  const parameters = entry.parameters === 'object' ? [revived] : entry.parameters.map((name) => revived[name]);
  if (entry.rest) parameters.push(...((parameters.pop() ?? []) as unknown[]));
  if (entry.context !== undefined) {
    // a default only applies to `undefined`, so that a gap before the context is filled, never shifted
    while (parameters.length < entry.context) parameters.push(undefined);
    parameters.splice(entry.context, 0, context);
  }
  return parameters;
}

function bare(method: string, decorator: string): ConfigurationError {
  return new ConfigurationError(`MRT2019: @${decorator} on ${method} has no parentheses; write @${decorator}().`);
}

function stale(what: string): ConfigurationError {
  return new ConfigurationError(`MRT2002: the surface is stale: ${what}. Run: mortise infer`);
}

/** The marked methods of a class and of what it extends; an override without a decorator hides the inherited one. */
function markedMethods(type: Class): Map<string, { mark: Mark; method: Method }> {
  const found = new Map<string, { mark: Mark; method: Method }>();
  const seen = new Set<string>();
  for (
    let prototype: object = type.prototype;
    prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (seen.has(name)) continue;
      seen.add(name);
      const mark = markOf(value);
      if (mark?.kind === 'bare') throw bare(`${type.name}.${name}`, mark.decorator);
      if (mark) found.set(name, { mark, method: value as Method });
    }
  }
  return found;
}
