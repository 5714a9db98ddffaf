import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { errorsPage } from '../test/documents.ts';
import { formatted } from '../test/formatted.ts';
import { createProject, type TestProject } from '../test/project.ts';
import { constraints } from '../test/refusals/constraints.ts';
import { methods } from '../test/refusals/methods.ts';
import type { Refusal } from '../test/refusals/refusal.ts';
import { types } from '../test/refusals/types.ts';
import { codes, formatDiagnostic, inferProject } from './index.ts';

const refusals: readonly Refusal[] = [...types, ...constraints, ...methods];

let project: TestProject;
let lines: readonly string[];
let outcome: string;

beforeAll(() => {
  project = createProject(Object.fromEntries(refusals.map((refusal) => [`src/${refusal.id}.ts`, source(refusal)])));
  const result = inferProject({ directory: project.directory });
  outcome = result.outcome;
  lines = result.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, project.directory));
}, 30_000);

afterAll(() => project[Symbol.dispose]());

function source({ imports = '', declarations = '', ...refusal }: Refusal): string {
  const method =
    'method' in refusal
      ? refusal.method.replaceAll('run', refusal.id)
      : `  /**
   * A tool.
   * @param value - The value
   */
  @tool()
  ${refusal.id}(value: ${refusal.type}): void {}`;
  const head = `import { prompt, resource, tool, type Context } from '@mortise/toolkit';\n${imports}\n${declarations}\n`;
  return 'whole' in refusal && refusal.whole
    ? `${head}${method}\n`
    : `${head}export class C_${refusal.id} {\n${method}\n}\n`;
}

describe('what has no JSON form, and what is written wrongly', () => {
  it.each(refusals.map((refusal) => [refusal.id, refusal] as const))('%s', (id, { says }) => {
    expect(lines.filter((line) => line.includes(`src/${id}.ts`))).toEqual(
      [says].flat().map((line) => `src/${id}.ts:${line}`),
    );
  });

  it('is what docs/errors.md says', async () => {
    await expect(formatted(errorsPage(lines), 'errors.md')).toMatchFileSnapshot('../../../docs/errors.md');
  });

  it('writes nothing when anything is refused', () => {
    expect(outcome).toBe('refused');
  });

  it('meets every code that is not about the project as a whole', () => {
    const met = new Set(lines.map((line) => / (MRT\d+):/.exec(line)?.[1]));
    // MRT1035 guards against what the checker may leave unresolved; nothing is known that it does
    const elsewhere = ['MRT1001', 'MRT1002', 'MRT1003', 'MRT1015', 'MRT1035'];
    const inferred = Object.keys(codes).filter((code) => code < 'MRT2');
    expect(inferred.filter((code) => !met.has(code) && !elsewhere.includes(code))).toEqual([]);
  });
});
