import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { sections, type Position } from '../test/positions/index.ts';
import { createProject, type TestProject } from '../test/project.ts';
import { inferProject, type Entry, type InferResult } from './index.ts';

const positions = Object.values(sections).flat();

let project: TestProject;
let result: InferResult;

beforeAll(() => {
  const files = positions.map((position) => [`src/${position.id}.ts`, source(position)] as const);
  project = createProject(Object.fromEntries(files));
  result = inferProject({ directory: project.directory });
}, 30_000);

afterAll(() => project[Symbol.dispose]());

function source({
  id,
  declarations = '',
  comment = ['A tool.'],
  mark = '@tool()',
  method,
  base = '',
}: Position): string {
  return `import { prompt, resource, tool, type Context, type Int, type Max, type Min, type PromptResult, type ToolResult } from '@mortise/toolkit';
import { z } from 'zod';
${declarations}
export class C_${id} ${base && `extends ${base} `}{
  /**
   * ${comment.join('\n   * ')}
   */
  ${mark}
  ${method.replace('run', id)}
}
`;
}

function entryOf(id: string): Entry {
  const entries = result.classes.flatMap(({ surface: { tools = [], prompts = [], resources = [] } }) => [
    ...tools,
    ...prompts,
    ...resources,
  ]);
  const entry = entries.find(({ method }) => method === id);
  if (!entry)
    throw new Error(result.diagnostics.find(({ what }) => what.includes(`.${id}`))?.what ?? `${id} was not read`);
  return entry;
}

describe('where a type can stand', () => {
  it.each(positions.map((position) => [position.id, position] as const))('%s', (id, { gives }) => {
    const { method: _, hash, ...entry } = entryOf(id);
    expect(entry).toEqual({ description: 'A tool.', ...gives });
    expect(hash).toMatch(/^[\w-]{16}$/);
  });

  it('refuses none of them', () => {
    expect(result.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});
