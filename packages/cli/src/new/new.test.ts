import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { run } from '../run.ts';

const template = fileURLToPath(new URL('../../../../servers/template', import.meta.url));

let workspace: string;

// A stand-alone project is made, installed and tested in test/template, from packed tarballs.
beforeAll(() => {
  workspace = mkdtempSync(path.join(tmpdir(), 'mortise-new-'));
  for (const file of ['package.json', 'tsconfig.json', 'src', 'README.md']) {
    cpSync(path.join(template, file), path.join(workspace, 'servers/template', file), { recursive: true });
  }
  mkdirSync(path.join(workspace, 'docs'));
  writeFileSync(path.join(workspace, 'pnpm-workspace.yaml'), 'packages: [servers/*]\n');
  writeFileSync(
    path.join(workspace, 'tsconfig.json'),
    '{\n  "references": [\n    { "path": "servers/template" },\n    { "path": "test" }\n  ]\n}\n',
  );
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

async function mortise(
  parameters: readonly string[],
  answer?: string,
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await run(['new', ...parameters], {
    out: (text) => (out += text),
    err: (text) => (err += text),
    directory: path.join(workspace, 'docs'),
    environment: {},
    input: () => Promise.resolve(''),
    ...(answer !== undefined && { ask: () => Promise.resolve(answer) }),
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

function read(file: string): string {
  return readFileSync(path.join(workspace, file), 'utf8');
}

it('copies the template of a workspace under a name of its own', async () => {
  expect(await mortise(['my-notes'])).toEqual({
    code: 0,
    out: 'Made ../servers/my-notes. Next:\n\n  pnpm install\n  pnpm exec vitest run ../servers/my-notes',
    err: '',
  });
  expect(JSON.parse(read('servers/my-notes/package.json'))).toMatchObject({
    name: '@mortise/my-notes',
    bin: { 'my-notes': 'dist/cli.js' },
  });
  expect(read('servers/my-notes/src/server.ts')).not.toContain('template');
  expect(read('servers/my-notes/src/surface.gen.ts')).toBe(read('servers/template/src/surface.gen.ts'));
  expect(JSON.parse(read('tsconfig.json'))).toEqual({
    references: [{ path: 'servers/template' }, { path: 'servers/my-notes' }, { path: 'test' }],
  });
});

it('asks for the name when there is none', async () => {
  expect(await mortise([], 'asked\n')).toMatchObject({ code: 0, out: expect.stringMatching(/^Made .*asked\./u) });
  expect(await mortise([])).toMatchObject({ code: 2, err: expect.stringContaining('it takes the name of the server') });
});

it('overwrites nothing, and takes only names that work everywhere', async () => {
  expect(await mortise(['template'])).toMatchObject({ code: 1, err: expect.stringContaining('there is a') });
  for (const name of ['My-Notes', '../up', 'a--b', '-']) {
    expect(await mortise(['--', name])).toMatchObject({ code: 2, err: expect.stringContaining('a name is made of') });
  }
});
