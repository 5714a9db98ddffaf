import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { schemasPage } from '../test/documents.ts';
import { formatted } from '../test/formatted.ts';
import { sections } from '../test/positions/index.ts';
import { createProject, type TestProject } from '../test/project.ts';
import { anything, mutationsOf } from '../test/values.ts';
import { groups, otherFile, type Shape } from '../test/shapes/index.ts';
import { validatorsOf } from '../test/validators.ts';
import { inferProject, type Entry, type InferResult, type JsonSchema } from './index.ts';

let project: TestProject;
let result: InferResult;

beforeAll(() => {
  project = createProject({
    'src/other.ts': otherFile,
    ...Object.fromEntries(
      Object.values(groups)
        .flat()
        .map((shape) => [`src/${shape.id}.ts`, source(shape)]),
    ),
  });
  result = inferProject({ directory: project.directory });
}, 30_000);

afterAll(() => project[Symbol.dispose]());

function source({ id, type, imports = '', declarations = '', optional }: Shape): string {
  return `import { tool } from '@mortise/toolkit';
${imports}
${declarations}
export class Class_${id} {
  /**
   * A tool.
   * @param value - The value
   */
  @tool()
  ${id}(value${optional ? '?' : ''}: ${type}): void {}
}
`;
}

function entryOf(id: string): Entry {
  const entry = result.classes.flatMap(({ surface }) => surface.tools ?? []).find(({ method }) => method === id);
  if (!entry)
    throw new Error(result.diagnostics.find(({ what }) => what.includes(`.${id}`))?.what ?? `${id} was not read`);
  return entry;
}

describe.each(Object.entries(groups))('%s', (_, group) => {
  it.each(group.map((shape) => [shape.type, shape] as const))('%s', (_type, shape) => {
    const input = entryOf(shape.id).input as JsonSchema;
    for (const accepts of validatorsOf(input)) {
      for (const value of shape.accepts) expect({ value, ok: accepts({ value }) }).toEqual({ value, ok: true });
      for (const value of shape.rejects) expect({ value, ok: accepts({ value }) }).toEqual({ value, ok: false });
      expect(accepts({})).toBe(shape.optional ?? false);
      expect(accepts({ value: shape.accepts[0], another: 1 })).toBe(false);
    }
    const { description, ...schema } = (input['properties'] as Record<string, JsonSchema>)['value'] as JsonSchema;
    expect(description).toContain('The value');
    expect(schema).toEqual(shape.schema ?? schema);
  });
});

describe.each(Object.entries(groups))('whatever is sent, both validators agree: %s', (_, group) => {
  // what a format admits at its edges is each validator's own reading of it
  const plain = group.filter(({ type, declarations }) => !/ormat|Date/.test(`${type}${declarations}`));
  it.each(plain.map((shape) => [shape.type, shape] as const))('%s', (_type, shape) => {
    const [ajv, runtime] = validatorsOf(entryOf(shape.id).input as JsonSchema);
    const value = fc.oneof(anything, mutationsOf([...shape.accepts, ...shape.rejects]));
    fc.assert(
      fc.property(value, (sent) => {
        expect({ sent, accepted: runtime({ value: sent }) }).toEqual({ sent, accepted: ajv({ value: sent }) });
      }),
      { numRuns: 60 },
    );
  });
});

it('is what docs/schemas.md says', async () => {
  const page = formatted(schemasPage(groups, sections, entryOf), 'schemas.md');
  await expect(page).toMatchFileSnapshot('../../../docs/schemas.md');
});
