import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { run } from './run.ts';

// each run starts a compiler, on a machine that may be busy
vi.setConfig({ testTimeout: 30_000 });

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'mortise-cli-'));
  const modules = fileURLToPath(new URL('../../infer/node_modules', import.meta.url));
  symlinkSync(modules, path.join(directory, 'node_modules'), 'junction');
  mkdirSync(path.join(directory, 'src'));
  const compilerOptions = {
    target: 'ES2024',
    module: 'NodeNext',
    types: ['node'],
    strict: true,
    experimentalDecorators: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    customConditions: ['@mortise/source'],
  };
  writeFileSync(path.join(directory, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const interrupted = new AbortController();
const surface = (): string => path.join(directory, 'src/surface.gen.ts');

async function mortise(...parameters: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await run(parameters, {
    out: (text) => (out += text),
    err: (text) => (err += `${text}\n`),
    directory,
    environment: process.env,
    input: () => Promise.resolve(''),
    signal: interrupted.signal,
  });
  return { code, out, err };
}

function writeClass(parameter: string): void {
  const text = `import { tool } from '@mortise/toolkit';
export class Shop {
  /**
   * Is it open?
   * @param day - Of the week
   */
  @tool({ title: 'Open?', ...reading })
  is_open(${parameter}): { open: boolean } {
    return { open: true };
  }
}
const reading = { readOnly: true } as const;
`;
  writeFileSync(path.join(directory, 'src/shop.ts'), text);
}

describe('mortise', () => {
  it.each([['--help'], ['-h'], []])('lists its commands: %s', async (...parameters) => {
    const { code, out } = await mortise(...parameters);
    expect(out).toMatch(/^usage: mortise <command>[\s\S]*run +run a server[\s\S]*infer +write src\/surface\.gen\.ts/);
    expect(code).toBe(parameters.length === 0 ? 2 : 0);
  });

  it('does not know other commands', async () => {
    expect(await mortise('deploy')).toEqual({
      code: 2,
      out: '',
      err: 'mortise: there is no command deploy; mortise --help lists them\n',
    });
  });
});

describe('mortise completion', () => {
  it('completes commands and options in bash', async () => {
    const { out } = await mortise('completion', 'bash');
    const complete = (...words: string[]): string => {
      const ask = `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _mortise; echo "\${COMPREPLY[@]}"`;
      return execFileSync('bash', ['-c', `${out}\n${ask}`], { encoding: 'utf8' }).trim();
    };
    expect(complete('mortise', 'in')).toBe('infer inspect install');
    expect(complete('mortise', 'infer', '--')).toBe('--check --watch --strict --json --help');
  });

  it('has a script for other shells, and no more', async () => {
    expect((await mortise('completion', 'zsh')).out).toContain('bashcompinit');
    expect((await mortise('completion', 'fish')).out).toContain("'__fish_seen_subcommand_from infer' -l check");
    expect(await mortise('completion', 'tcsh')).toMatchObject({
      code: 2,
      err: expect.stringContaining('bash, zsh, fish'),
    });
  });
});

describe('mortise infer', () => {
  it('says to a person what it is about, since compiling takes a while', async () => {
    writeClass('day: string');
    const said: string[] = [];
    await run(['infer'], {
      out: () => undefined,
      err: (text) => said.push(text),
      directory,
      environment: process.env,
      ask: () => Promise.resolve(''),
      input: () => Promise.resolve(''),
      signal: interrupted.signal,
    });
    expect(said).toEqual(['reading the types …', expect.stringMatching(/^mortise infer: wrote /u)]);
    rmSync(surface());
  });

  it('explains itself', async () => {
    const { code, out } = await mortise('infer', '--help');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^usage: mortise infer \[dir\] \[--check \| --watch\] \[--strict\] \[--json\]\n[\s\S]*Exit code:/,
    );
  });

  it.each([
    ['an unknown option', ['--watchful'], /^mortise infer: Unknown option '--watchful'[\s\S]*usage:/],
    ['two folders', ['a', 'b'], /^mortise infer: one folder at a time, not a b\nusage:/],
    ['a value where none belongs', ['--check=1'], /^mortise infer: [\s\S]*--check[\s\S]*usage:/],
  ])('refuses %s', async (_, parameters, message) => {
    const { code, err } = await mortise('infer', ...parameters);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('writes, finds current, and finds stale', async () => {
    writeClass(`day: 'monday' | 'sunday'`);
    expect(await mortise('infer', '--check')).toMatchObject({ code: 1 });
    expect(await mortise('infer')).toEqual({
      code: 0,
      out: '',
      err: 'mortise infer: wrote src/surface.gen.ts (1 tool, 0 prompts, 0 resources)\n',
    });
    expect(readFileSync(path.join(directory, 'src/surface.gen.ts'), 'utf8')).toContain('surfaceOf(Shop,');
    expect(await mortise('infer', '--check')).toMatchObject({ code: 0 });
    writeClass('day: string');
    expect(await mortise('infer', '--check')).toEqual({
      code: 1,
      out: '',
      err:
        'src/surface.gen.ts - error MRT2002: the surface is stale. fix: run: mortise infer.\n' +
        'mortise infer: src/surface.gen.ts is stale (1 tool, 0 prompts, 0 resources)\n',
    });
  });

  it('prints what it found as JSON, and what is wrong', async () => {
    writeClass('day: bigint');
    const { code, out, err } = await mortise('infer', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'refused',
      diagnostics: [{ code: 'MRT1032', file: 'src/shop.ts', line: 8, column: 11 }],
    });
    expect(err).toMatch(/^src\/shop\.ts:8:11 - error MRT1032: .*\nmortise infer: 1 error, nothing written\n$/);
  });

  it('tells what a surface costs', async () => {
    writeClass('day: string');
    const { code, out } = await mortise('infer', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(out) as { tokens: number; classes: { tools: { method: string; tokens: number }[] }[] };
    expect(report.classes[0]?.tools).toMatchObject([
      { method: 'is_open', options: { title: 'Open?', readOnly: true }, hash: expect.stringMatching(/^[\w-]{16}$/) },
    ]);
    expect(report.tokens).toBe(report.classes[0]?.tools[0]?.tokens);
    expect(report.tokens).toBeGreaterThan(60);
    expect(report.tokens).toBeLessThan(120);
  });

  it('watches until it is interrupted', async () => {
    writeClass('day: string');
    const watching = mortise('infer', '--watch');
    writeClass('day: number');
    await expect
      .poll(() => readFileSync(path.join(directory, 'src/surface.gen.ts'), 'utf8'), { timeout: 15_000 })
      .toContain('number');
    interrupted.abort();
    expect(await watching).toMatchObject({
      code: 0,
      err: expect.stringMatching(/wrote src\/surface\.gen\.ts .* in \d+ ms\n$/),
    });
  });

  it('does not watch and check', async () => {
    expect(await mortise('infer', '--watch', '--check')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--watch and --check exclude each other'),
    });
  });

  it('says where there is no project', async () => {
    const { code, err } = await mortise('infer', 'elsewhere');
    expect(code).toBe(1);
    expect(err).toMatch(/^elsewhere\/tsconfig\.json - error MRT1001: there is no tsconfig\.json\. fix: /);
  });
});

describe('mortise diff', () => {
  it('says what changed for a client', async () => {
    writeClass(`day: 'monday' | 'sunday'`);
    await mortise('infer');
    writeFileSync(path.join(directory, 'old.ts'), readFileSync(surface()));
    expect(await mortise('diff', 'old.ts', surface())).toEqual({
      code: 0,
      out: 'nothing changed for a client',
      err: '',
    });
    writeClass(`day: 'monday' | 'friday'`);
    await mortise('infer');
    expect(await mortise('diff', 'old.ts', surface())).toEqual({
      code: 1,
      out:
        'breaking    tool is_open, arguments.day: "sunday" is no longer possible\n' +
        'compatible  tool is_open, arguments.day: "friday" is possible',
      err: '',
    });
  });

  it('fails on what it is told to', async () => {
    writeClass(`day: 'monday' | 'sunday' | 'friday'`);
    await mortise('infer');
    expect(await mortise('diff', 'old.ts', surface())).toMatchObject({ code: 0 });
    const { code, out } = await mortise('diff', 'old.ts', surface(), '--fail-on', 'compatible', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual([
      { severity: 'compatible', where: 'tool is_open, arguments.day', what: '"friday" is possible' },
    ]);
  });

  it('reads what mortise infer --json printed', async () => {
    const { out } = await mortise('infer', '--json');
    writeFileSync(path.join(directory, 'new.json'), out);
    expect(await mortise('diff', surface(), 'new.json')).toMatchObject({
      code: 0,
      out: 'nothing changed for a client',
    });
  });

  it.each([
    ['one file', ['old.ts'], 'it takes two files'],
    ['a file that is not there', ['old.ts', 'missing.ts'], 'missing.ts cannot be read: ENOENT'],
    ['another file', ['old.ts', 'package.json'], 'package.json cannot be read: it has no classes'],
    ['another word', ['old.ts', 'old.ts', '--fail-on', 'much'], '--fail-on takes breaking, compatible, text, not much'],
  ])('refuses %s', async (_, parameters, message) => {
    expect(await mortise('diff', ...parameters)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });
});
