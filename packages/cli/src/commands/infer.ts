import path from 'node:path';
import { parseArgs } from 'node:util';
import { formatDiagnostic, inferProject, watchProject, type InferResult } from '@mortise/infer';

import { UsageError, type Command, type ExitCode, type Terminal } from '../command.ts';
import { announce } from '../progress.ts';
import { reportOf } from './infer-report.ts';

const options = {
  check: { type: 'boolean', default: false },
  watch: { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** Writes what types and TSDoc say about a server into its `src/surface.gen.ts`. */
export const infer: Command = {
  usage: 'mortise infer [dir] [--check | --watch] [--strict] [--json]',
  summary: 'write src/surface.gen.ts from types and TSDoc',
  help: `Reads the classes of the project in dir (default: here) and writes their tools, prompts and
resources to src/surface.gen.ts. Commit that file.

  --check    write nothing; fail when the file is not up to date (for CI)
  --watch    stay, and write it again whenever a file changes that it was made from
  --strict   fail on warnings, such as a parameter without a description
  --json     print names, schemas, hashes and an estimate of the tokens they cost a model

Exit code: 0 up to date or written, 1 errors or stale, 2 wrong usage`,
  options,

  async run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options,
    });
    const { check, watch, strict, json } = values;
    if (positionals.length > 1) throw new UsageError(`one folder at a time, not ${positionals.join(' ')}`);
    if (watch && (check || json))
      throw new UsageError(`--watch and ${check ? '--check' : '--json'} exclude each other`);
    const directory = path.resolve(terminal.directory, positionals[0] ?? '.');
    if (watch) return watchUntilInterrupted(directory, strict, terminal);
    announce(terminal, 'reading the types');
    const result = inferProject({ directory, check, strict });
    if (json) terminal.out(JSON.stringify(reportOf(result, terminal.directory), null, 2));
    say(result, terminal);
    return result.outcome === 'written' || result.outcome === 'current' ? 0 : 1;
  },
};

async function watchUntilInterrupted(directory: string, strict: boolean, terminal: Terminal): Promise<ExitCode> {
  using _ = watchProject({ directory, strict }, (result, milliseconds) => {
    say(result, terminal, ` in ${Math.round(milliseconds)} ms`);
  });
  await new Promise<void>((resolve) => {
    if (terminal.signal.aborted) resolve();
    else terminal.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return 0;
}

function say(result: InferResult, terminal: Terminal, time = ''): void {
  for (const diagnostic of result.diagnostics) terminal.err(formatDiagnostic(diagnostic, terminal.directory));
  terminal.err(`mortise infer: ${summaryOf(result, terminal.directory)}${time}`);
}

function summaryOf({ outcome, file, classes, diagnostics }: InferResult, directory: string): string {
  const where = path.relative(directory, file);
  if (outcome === 'refused') {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    return `${count(errors, 'error')}, nothing written`;
  }
  const sum = (kind: 'tools' | 'prompts' | 'resources'): number =>
    classes.reduce((total, { surface }) => total + (surface[kind]?.length ?? 0), 0);
  const offers = `${count(sum('tools'), 'tool')}, ${count(sum('prompts'), 'prompt')}, ${count(sum('resources'), 'resource')}`;
  const what = { written: `wrote ${where}`, current: `${where} is up to date`, stale: `${where} is stale` }[outcome];
  return `${what} (${offers})`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
