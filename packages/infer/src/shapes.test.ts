import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { createProject, type TestProject } from '../test/project.ts';
import { groups, otherFile, type Shape } from '../test/shapes/index.ts';
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

/** The validator that judges, and the one that the toolkit runs. */
function validatorsOf(schema: JsonSchema): ((value: unknown) => boolean)[] {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictTuples: false, formats: fullFormats });
  const runtime = z.fromJSONSchema(schema);
  return [ajv.compile(schema), (value) => runtime.safeParse(value).success];
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
