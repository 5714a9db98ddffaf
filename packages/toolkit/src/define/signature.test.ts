import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

const packageRoot = join(import.meta.dirname, '../..');
const root = join(packageRoot, '../..');
let directory: string;

beforeAll(async () => {
  // inside the package, so that the code resolves the toolkit as its users do
  directory = await mkdtemp(join(packageRoot, 'node_modules/signature-'));
});
afterAll(() => rm(directory, { recursive: true }));

const imports = `
  import { createServer, prompt, resource, tool } from '@mortise/toolkit';
  import type { Context, Format, Int, Max, Min, PromptMessage, ToolResult } from '@mortise/toolkit';
  import { z } from 'zod';
  interface Page { readonly items: readonly { readonly id: string; readonly at: Date }[] }
  const app = createServer({ name: 'typed', version: '1' });`;

/** A wrong method, and what the first line of the compiler's error says of it. */
const wrong: readonly (readonly [source: string, says: string])[] = [
  [
    '@tool() run(cb: () => void): string { return String(cb); }',
    'Mistake<"parameter 1 has no JSON form: a tool takes JSON data and Context", () => void>',
  ],
  [
    '@tool() run(q: string, x: any): string { return q + String(x); }',
    'Mistake<"parameter 2 is any: write its type, or unknown where any JSON value will do"',
  ],
  [
    '@tool() run(q: string) { return JSON.parse(q); }',
    'Mistake<"the method returns any: write its return type, which becomes the output schema"',
  ],
  ['@tool() run(q: Map<string, string>): string { return String(q); }', 'Mistake<"parameter 1 has no JSON form'],
  [
    '@tool({ input: z.object({ q: z.string() }) }) run({ q }: { q: number }): string { return String(q); }',
    'Mistake<"the parameters are not (input, context?) with what the input schema makes", { q: string; }>',
  ],
  [
    '@tool({ input: z.object({ q: z.string() }), output: z.object({ n: z.number() }) }) run({ q }: { q: string }) { return { n: q }; }',
    'Mistake<"the method does not return what the output schema takes", { n: number; }>',
  ],
  [
    "@resource('customer://{id}/orders/{order}') run(id: string): string { return id; }",
    'Mistake<"customer://{id}/orders/{order} has 2 variables and the method 1 parameters: each variable is the parameter of its name"',
  ],
  [
    "@resource('customer://{id}') run(id: string, extra: string): string { return id + extra; }",
    'Mistake<"customer://{id} has 1 variables and the method 2 parameters',
  ],
  [
    "@resource('customer://{id}', { complete: { customerId: () => [] } }) run(id: string): string { return id; }",
    'Mistake<"complete: customerId is no variable of customer://{id}"',
  ],
  [
    '@prompt() run(opts: { a: number }): string { return String(opts.a); }',
    'Mistake<"the argument of a prompt is a string on the wire: use string, number, boolean or a union of literals", { a: number; }>',
  ],
  [
    '@prompt() run(a: string): number { return a.length; }',
    'Mistake<"a prompt returns a string or PromptResult", number>',
  ],
  ['@tool() run = 1;', 'Mistake<"@tool() belongs on a public method of an instance"'],
  ['@tool run(): void {}', 'Mistake<"write @tool(), with its parentheses"'],
  ['@prompt run(): string { return ""; }', 'Mistake<"write @prompt(), with its parentheses"'],
  ['@tool() static run(): void {}', 'Mistake<"@tool() belongs on a public method of an instance"'],
  ['@prompt() get run(): string { return ""; }', 'Mistake<"@prompt() belongs on a public method of an instance"'],
  [
    '@tool() run(context: Context, ...rest: symbol[]): string { return String(rest) + context.request.id; }',
    'Mistake<"parameter 2 has no JSON form',
  ],
  [
    '@tool() run(): string[] { return []; }',
    'Mistake<"the method returns no object: return one with a named property, such as { items: [...] }", string[]>',
  ],
  ['@tool() async run(): Promise<number | undefined> { return 1; }', 'Mistake<"the method returns no object'],
  [
    '@tool() run(): Set<string> { return new Set(); }',
    'Mistake<"what the method returns has no JSON form", Set<string>>',
  ],
  [
    '@tool({ text: ({ items }: Page) => String(items) }) run(): { n: number } { return { n: 1 }; }',
    'Mistake<"the method does not return what the function given as text takes", Page>',
  ],
  [
    '@tool({ output: z.object({ n: z.number() }) }) run(a: string) { return a; }',
    'Mistake<"the method does not return what the output schema takes"',
  ],
  [
    "@resource('a://{b}') run(b: Date): string { return String(b); }",
    'Mistake<"the variable of a URI is a string on the wire',
  ],
  ["@resource('a://b') run(): number { return 1; }", 'Mistake<"the method returns no object'],
  // where the wrong expression is an argument, TypeScript's own sentence names it and both types
  ["@tool({ text: 'xml' }) run(): void {}", `Type '"xml"' is not assignable to type`],
  [
    'made = app.tool("add", { description: "", input: z.object({ a: z.number() }), output: z.object({ n: z.number() }) }, ({ a }) => ({ n: String(a) }));',
    "Type 'string' is not assignable to type 'number'",
  ],
  [
    'made = app.resource("log://{day}/{n}", { name: "log", description: "" }, ({ days }) => days);',
    'Property \'days\' does not exist on type \'Readonly<Record<"day" | "n", string>>\'',
  ],
];

/** What is right, in one class. */
const right = `export class Right {
  @tool({ readOnly: true, text: ({ items }: Page) => String(items.length) })
  async page(query: string, limit: Int & Min<1> & Max<50> = 10, context?: Context): Promise<Page> { return { items: [{ id: query + limit + context?.request.id, at: new Date() }] }; }
  @tool() nothing(): void {}
  @tool() nested(a: { x: number; tags: readonly string[] }, when: Date, kind?: 'a' | 'b', mail: (string & Format<'email'>) | null = null): { ok: boolean } { return { ok: !!a && !!when && !!kind && !!mail }; }
  @tool() rest(context: Context, ...ids: string[]): ToolResult { return { content: [{ type: 'text', text: context.request.id + ids.join() }] }; }
  @tool() unknown(value: unknown, { a = 1 }: { a?: number }): Record<string, unknown> { return { value, a }; }
  @tool({ confirm: ({ id }) => String(id) }) asked(id: string): string | undefined { return id; }
  @tool({ input: z.object({ q: z.string(), n: z.number().default(3) }), output: z.object({ n: z.number() }), text: ({ n }) => n.toFixed(), confirm: ({ q }) => q.trim() })
  given({ n }: { q: string; n: number }, context: Context) { return { n: n + context.request.id.length }; }
  @tool({ input: z.object({ q: z.string() }) }) async parsed({ q }: { q: string }): Promise<Page | undefined> { return q ? undefined : { items: [] }; }
  @resource('customer://{id}/orders{?status,limit*}', { complete: { status(this: Right, typed) { return [typed]; } } })
  orders(status: string | undefined, id: string, context: Context, limit?: number) { return { id, status, limit, era: context.request.era }; }
  @resource('customer://all') all(): { id: string }[] { return []; }
  @resource('customer://{id}/photo') photo(id: string): Uint8Array { return new Uint8Array(id.length); }
  @prompt() hello(name: string, times: Int = 1, loud = false): string { return name + times + loud; }
  @prompt({ complete: { name: () => ['Ann'] } }) async talk(name: string, context: Context): Promise<PromptMessage[]> { return [{ role: 'user', content: name + context.request.id }]; }
}
export const more = [
  app.tool('add', { description: '', input: z.object({ a: z.number() }), output: z.object({ n: z.number() }) }, ({ a }) => ({ n: a })),
  app.resource('log://{day}/{n:3}', { name: 'log', description: '' }, ({ day, n }) => day + n),
];`;

/** The first line of each error, by module. */
async function errorsOf(experimentalDecorators: boolean): Promise<Map<string, string[]>> {
  const modules = new Map([
    ['right', right],
    ...wrong.map(([source], index) => [`wrong-${index}`, `export class Wrong { ${source} }`] as const),
  ]);
  for (const [name, source] of modules) await writeFile(join(directory, `${name}.ts`), `${imports}\n${source}`);
  const compilerOptions = {
    experimentalDecorators,
    noEmit: true,
    composite: false,
    isolatedDeclarations: false,
    declaration: false,
    declarationMap: false,
    // each module imports all that any of them needs
    noUnusedLocals: false,
  };
  const configuration = { extends: join(root, 'tsconfig.base.json'), compilerOptions, include: ['*.ts'] };
  await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(configuration));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', directory, '--pretty', 'false', '--noErrorTruncation'], {
    encoding: 'utf8',
  });
  const errors = stdout.matchAll(/([\w-]+)\.ts\(\d+,\d+\): error (.*)/g);
  const byModule = new Map<string, string[]>();
  for (const [, name = '', line = ''] of errors) byModule.set(name, [...(byModule.get(name) ?? []), line]);
  return byModule;
}

test.each([true, false])(
  'wrong signatures are told in the first line, with experimentalDecorators %s',
  async (legacy) => {
    const errors = await errorsOf(legacy);
    expect(errors.get('right')).toBeUndefined();
    const found = wrong.map(([source], index) => [source, errors.get(`wrong-${index}`)]);
    expect(found).toEqual(wrong.map(([source, says]) => [source, [expect.stringContaining(says)]]));
  },
);
