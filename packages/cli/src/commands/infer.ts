import path from 'node:path';
import { parseArgs } from 'node:util';
import { formatDiagnostic, inferProject, type InferResult } from '@mortise/infer';

import { UsageError, type Command, type ExitCode, type Terminal } from '../command.ts';

/** Writes what types and TSDoc say about a server into its `src/surface.gen.ts`. */
export const infer: Command = {
  usage: 'mortise infer [dir] [--check] [--strict] [--json]',
  summary: 'write src/surface.gen.ts from types and TSDoc',
  help: `Reads the classes of the project in dir (default: here) and writes their tools, prompts and
resources to src/surface.gen.ts. Commit that file.

  --check    write nothing; fail when the file is not up to date (for CI)
  --strict   fail on warnings, such as a parameter without a description
  --json     print the result as JSON

Exit code: 0 up to date or written, 1 errors or stale, 2 wrong usage`,

  async run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: {
        check: { type: 'boolean', default: false },
        strict: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    if (positionals.length > 1) throw new UsageError(`one folder at a time, not ${positionals.join(' ')}`);
    const directory = path.resolve(terminal.directory, positionals[0] ?? '.');
    const { check, strict, json } = values;
    const result = inferProject({ directory, check, strict });
    if (json) terminal.out(JSON.stringify(report(result, terminal.directory), null, 2));
    for (const diagnostic of result.diagnostics) terminal.err(formatDiagnostic(diagnostic, terminal.directory));
    terminal.err(`mortise infer: ${summaryOf(result, terminal.directory)}`);
    return result.outcome === 'written' || result.outcome === 'current' ? 0 : 1;
  },
};

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

function report({ outcome, file, classes, diagnostics }: InferResult, directory: string): object {
  return {
    outcome,
    file: path.relative(directory, file),
    classes: classes.map(({ name, file: source, surface }) => ({
      name,
      file: path.relative(directory, source),
      ...surface,
    })),
    diagnostics: diagnostics.map((each) => ({ ...each, file: path.relative(directory, each.file) })),
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
