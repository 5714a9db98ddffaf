import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { createProject, type TestProject } from '../test/project.ts';
import { formatDiagnostic, inferProject, surfaceFile, type InferOptions, type InferResult } from './index.ts';
import { Inference } from './infer.ts';

const shop = `import { tool } from '@mortise/toolkit';
import { LIMIT, type Item } from './barrel.ts';
export class Shop {
  /**
   * Find items.
   * @param query - Text
   * @param limit - How many
   */
  @tool()
  find_items(query: string, limit = LIMIT): { items: Item[] } {
    return { items: [] };
  }
}
`;

const files = {
  'src/shop.ts': shop,
  'src/barrel.ts': `export type { Item } from './item.ts';\nexport { LIMIT } from './limits.ts';\n`,
  'src/item.ts': `import type { Price } from './price.ts';\nexport interface Item {\n  name: string;\n  price: Price;\n}\n`,
  'src/price.ts': `export type Price = number;\n`,
  'src/limits.ts': `export const LIMIT = 5 * 2;\n`,
  'src/unrelated.ts': `export const unrelated = 1;\n`,
};

// each run starts a compiler, on a machine that may be busy
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const open: TestProject[] = [];
afterEach(() => open.splice(0).forEach((project) => project[Symbol.dispose]()));

function projectOf(texts: Readonly<Record<string, string>> = files, options: object = {}): TestProject {
  const project = createProject(texts, options);
  open.push(project);
  return project;
}

function infer(
  { directory }: TestProject,
  options: Omit<InferOptions, 'directory'> = {},
): InferResult & { lines: string[] } {
  const result = inferProject({ directory, ...options });
  return { ...result, lines: result.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, directory)) };
}

const read = ({ directory }: TestProject): string => readFileSync(path.join(directory, surfaceFile), 'utf8');

function sourcesIn(surface: string): (string | undefined)[] {
  return [...surface.matchAll(/"(\.\/[\w.]+)": "[\w-]{16}"/g)].map(([, name]) => name);
}

function typeCheck({ directory }: TestProject): string {
  const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
  try {
    return execFileSync(process.execPath, [tsc, '-p', directory], { cwd: directory, encoding: 'utf8' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

describe('the surface file', () => {
  let project: TestProject;
  let inferred: string;
  let first: InferResult;

  beforeAll(() => {
    project = createProject(files);
    first = infer(project);
    inferred = read(project);
  });

  afterEach(() => {
    for (const [name, text] of Object.entries(files)) project.write(name, text);
    project.write(surfaceFile, inferred);
  });

  afterAll(() => project[Symbol.dispose]());

  it('is written, type-checks, and is then current', () => {
    expect(first).toMatchObject({ outcome: 'written', diagnostics: [] });
    expect(typeCheck(project)).toBe('');
    expect(infer(project).outcome).toBe('current');
    expect(infer(project, { check: true }).outcome).toBe('current');
  });

  it('fails the type check when a method is renamed', () => {
    project.write('src/shop.ts', shop.replace('find_items', 'list_items'));
    expect(typeCheck(project)).toMatch(/surface\.gen\.ts.*"find_items".*"list_items"/);
  });

  it('names every file that contributed, and no other', () => {
    expect(sourcesIn(inferred)).toEqual(['./barrel.ts', './item.ts', './limits.ts', './price.ts', './shop.ts']);
  });

  it('names what an inheriting class gives to a generic one', () => {
    const store = shop
      .replace('export class Shop', 'export abstract class Store<T>')
      .replace('query: string', 'query: T');
    const inheriting = projectOf({
      ...files,
      'src/shop.ts': store,
      'src/corner.ts': `import type { Size } from './size.ts';
import { Store } from './shop.ts';
export class Corner extends Store<Size> {}
`,
      'src/size.ts': `export type Size = 'small' | 'large';\n`,
    });
    expect(infer(inheriting).lines).toEqual([]);
    expect(sourcesIn(read(inheriting))).toContain('./size.ts');
  });

  it('is stale when any of them changes, and only said to be', () => {
    for (const name of ['src/shop.ts', 'src/barrel.ts', 'src/item.ts', 'src/price.ts', 'src/limits.ts'] as const) {
      project.write(name, `${files[name]}// changed\n`);
      const { outcome, lines } = infer(project, { check: true });
      expect([name, outcome]).toEqual([name, 'stale']);
      expect(lines).toEqual(['src/surface.gen.ts - error MRT2002: the surface is stale. fix: run: mortise infer.']);
      expect(read(project)).toBe(inferred);
      project.write(name, files[name]);
    }
  });

  it('is current when only the version of the program differs that wrote it', () => {
    const older = inferred.replace(/@mortise\/infer [\d.]+/, '@mortise/infer 0.0.0-older');
    project.write(surfaceFile, older);
    expect(infer(project, { check: true }).outcome).toBe('current');
    expect(infer(project).outcome).toBe('current');
    expect(read(project)).toBe(older);
  });

  it('is current when a file changes that did not contribute', () => {
    project.write('src/unrelated.ts', 'export const unrelated = 2;\n');
    expect(infer(project, { check: true }).outcome).toBe('current');
  });

  it('is missing before the first run', () => {
    rmSync(path.join(project.directory, surfaceFile));
    expect(infer(project, { check: true })).toMatchObject({
      outcome: 'stale',
      lines: ['src/surface.gen.ts - error MRT2002: there is no surface yet. fix: run: mortise infer.'],
    });
    expect(existsSync(path.join(project.directory, surfaceFile))).toBe(false);
  });

  it('is the same in a checkout with CRLF line ends', () => {
    for (const [name, source] of Object.entries(files)) project.write(name, source.replaceAll('\n', '\r\n'));
    expect(infer(project, { check: true }).outcome).toBe('current');
    project.write(surfaceFile, inferred.replaceAll('\n', '\r\n'));
    expect(infer(project, { check: true }).outcome).toBe('current');
  });

  it('has the same bytes wherever the project is, in whatever order its files are read', () => {
    const elsewhere = projectOf(Object.fromEntries(Object.entries(files).toReversed()));
    infer(elsewhere);
    expect(read(elsewhere)).toBe(inferred);
  });

  it('changes only where the change was', () => {
    const more = shop.replace(
      /}\n$/,
      '  /** Open? */\n  @tool()\n  is_open(): { open: boolean } { return { open: true }; }\n}\n',
    );
    project.write('src/shop.ts', more);
    infer(project);
    const before = read(project).split('\n');
    project.write('src/shop.ts', more.replace('Open?', 'Is it open?'));
    infer(project);
    const changed = read(project)
      .split('\n')
      .filter((line, index) => line !== before[index]);
    expect(changed.map((line) => line.trim().split(':')[0])).toEqual(['"./shop.ts"', '"description"', '"hash"']);
  });

  it('is not written when anything is refused', () => {
    project.write('src/price.ts', 'export type Price = bigint;\n');
    expect(infer(project)).toMatchObject({
      outcome: 'refused',
      lines: [
        'src/item.ts:4:3 - error MRT1032: tool Shop.find_items, returns.items[].price: `bigint` has no JSON form. fix: use `string` (exact) or `number` (exact up to 2^53).',
      ],
    });
    expect(read(project)).toBe(inferred);
  });

  it('imports what is compiled where the compiler does not rewrite imports', () => {
    const compiled = projectOf(
      {
        'src/shop.ts': shop.replaceAll('.ts', '.js'),
        'src/barrel.ts': 'export interface Item { a: string }\nexport const LIMIT = 1;\n',
      },
      { allowImportingTsExtensions: false },
    );
    expect(infer(compiled).lines).toEqual([]);
    expect(read(compiled)).toContain(`import { Shop } from './shop.js';`);
  });
});

describe('a project', () => {
  it('needs a tsconfig.json', () => {
    const { directory } = projectOf();
    const missing = path.join(directory, 'missing');
    expect(inferProject({ directory: missing }).diagnostics).toMatchObject([{ code: 'MRT1001' }]);
  });

  it('needs to know null', () => {
    expect(infer(projectOf(files, { strict: false })).lines).toEqual([
      'tsconfig.json - error MRT1002: strictNullChecks is off, so that a type does not say which values may be null. fix: set "strict": true.',
    ]);
  });

  it('needs a mark of the toolkit, by whatever name', () => {
    const own = shop.replace(`import { tool } from '@mortise/toolkit'`, 'const tool = () => () => {}');
    expect(infer(projectOf({ ...files, 'src/shop.ts': own })).diagnostics).toMatchObject([{ code: 'MRT1003' }]);
    const renamed = shop.replace('{ tool }', '{ tool as offer }').replace('@tool', '@offer');
    expect(infer(projectOf({ ...files, 'src/shop.ts': renamed })).outcome).toBe('written');
    const whole = shop.replace('{ tool }', '* as mcp').replace('@tool', '@mcp.tool');
    expect(infer(projectOf({ ...files, 'src/shop.ts': whole })).outcome).toBe('written');
  });

  it('may be written on one line', () => {
    const line = `import { tool } from '@mortise/toolkit'; export class A { @tool() run(): void {} }`;
    expect(infer(projectOf({ 'src/a.ts': line }))).toMatchObject({
      outcome: 'written',
      diagnostics: [{ code: 'MRT1080' }],
    });
  });

  it('has one method of a name', () => {
    const other = shop.replace('class Shop', 'class Store');
    expect(infer(projectOf({ ...files, 'src/store.ts': other })).lines).toEqual([
      'src/store.ts:10:3 - error MRT1015: tool Store.find_items: Shop.find_items has the same name. fix: rename one of them.',
    ]);
  });

  it('takes warnings for errors when it is strict', () => {
    const terse = projectOf({ ...files, 'src/shop.ts': shop.replace('   * @param limit - How many\n', '') });
    expect(infer(terse)).toMatchObject({ outcome: 'written', diagnostics: [{ code: 'MRT1081', severity: 'warning' }] });
    expect(infer(terse, { strict: true })).toMatchObject({ outcome: 'refused', diagnostics: [{ severity: 'error' }] });
  });

  it('inherits methods, and hides those that are overridden without a mark', () => {
    const base = shop
      .replace('export class', 'abstract class')
      .replace(/}\n$/, '  /** Open? */\n  @tool()\n  is_open(): void {}\n}\n');
    const { classes, lines } = infer(
      projectOf({
        ...files,
        'src/shop.ts': `${base}export class Corner extends Shop {\n  override is_open(): void {}\n}\n`,
      }),
    );
    expect(lines).toEqual([]);
    expect(classes.map(({ name, surface }) => [name, surface.tools?.map(({ method }) => method)])).toEqual([
      ['Corner', ['find_items']],
    ]);
  });
});

const desk = (type: string, from: string): string => `import { tool } from '@mortise/toolkit';
import type { ${type} } from '${from}';
export class Desk {
  /**
   * Take one.
   * @param one - Which
   */
  @tool()
  take(one: ${type}): void {}
}
`;

const inputOf = ({ classes }: InferResult): unknown => classes[0]?.surface.tools?.[0]?.input?.['properties'];

describe('types of other packages and projects', () => {
  it("are read from a package's declarations", () => {
    const project = projectOf({
      'src/desk.ts': desk('Parcel', '@shop/parcels'),
      'src/node_modules/@shop/parcels/package.json': '{ "name": "@shop/parcels", "types": "index.d.ts" }',
      'src/node_modules/@shop/parcels/index.d.ts':
        '/** A parcel. */\nexport interface Parcel {\n  /** In grams. */\n  weight: number;\n}\n',
    });
    const result = infer(project);
    expect(result.lines).toEqual([]);
    expect(inputOf(result)).toMatchObject({
      one: { description: 'Which', properties: { weight: { type: 'number', description: 'In grams.' } } },
    });
    expect(sourcesIn(read(project))).toEqual(['./desk.ts']);
  });

  it("refuse what a package's declarations do not resolve, which the compiler does not report there", () => {
    const project = projectOf({
      'src/desk.ts': desk('Parcel', '@shop/parcels'),
      'src/node_modules/@shop/parcels/package.json': '{ "name": "@shop/parcels", "types": "index.d.ts" }',
      'src/node_modules/@shop/parcels/index.d.ts':
        "import type { Base } from '@shop/not-installed';\nexport interface Parcel extends Base {\n  weight: number;\n}\n",
    });
    expect(typeCheck(project)).toBe('');
    expect(infer(project).lines).toEqual([expect.stringMatching(/MRT1030: .*`Parcel` is made from `Base`/)]);
  });

  it.each(['before', 'after'])('are read through a project reference %s the other project is built', (when) => {
    const project = projectOf({
      'src/desk.ts': desk('Parcel', '../parcels/src/parcel.ts'),
      'parcels/src/parcel.ts': 'export interface Parcel {\n  /** In grams. */\n  weight: number;\n}\n',
    });
    const { compilerOptions } = JSON.parse(readFileSync(path.join(project.directory, 'tsconfig.json'), 'utf8')) as {
      compilerOptions: object;
    };
    const emitting = { ...compilerOptions, noEmit: false, composite: true, rewriteRelativeImportExtensions: true };
    const configuration = (more: object): string =>
      JSON.stringify({ compilerOptions: { ...emitting, outDir: 'dist', rootDir: 'src' }, include: ['src'], ...more });
    project.write('parcels/tsconfig.json', configuration({}));
    project.write('tsconfig.json', configuration({ references: [{ path: './parcels' }] }));
    if (when === 'after')
      expect(typeCheck({ ...project, directory: path.join(project.directory, 'parcels') })).toBe('');
    expect(existsSync(path.join(project.directory, 'parcels/dist/parcel.d.ts'))).toBe(when === 'after');
    const result = infer(project);
    expect(result.lines).toEqual([]);
    expect(inputOf(result)).toMatchObject({
      one: { properties: { weight: { type: 'number', description: 'In grams.' } } },
    });
    expect(read(project)).toContain('"../parcels/src/parcel.ts"');
  });
});

it('reads a surface of more than a megabyte as any other', () => {
  const long = 'word '.repeat(60_000).trim();
  const tools = [1, 2, 3, 4].map((n) => `/** ${long} */\n  @tool() tool_${n}(): string { return ''; }`).join('\n  ');
  const project = projectOf({
    'src/large.ts': `import { tool } from '@mortise/toolkit';\nexport class Large {\n  ${tools}\n}\n`,
    'src/use.ts': `import { surface } from './surface.gen.ts';\nexport const version: 1 = surface.version;\n`,
  });
  expect(infer(project).outcome).toBe('written');
  expect(infer(project).outcome).toBe('current');
  using inference = new Inference(project);
  expect(inference.run().outcome).toBe('current');
  const file = path.join(project.directory, 'src/large.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replace('tool_4', 'tool_5'));
  const { outcome, classes } = inference.run({ changed: [file], created: [], deleted: [] });
  expect([outcome, classes[0]?.surface.tools?.map(({ method }) => method)]).toEqual([
    'written',
    ['tool_1', 'tool_2', 'tool_3', 'tool_5'],
  ]);
});
