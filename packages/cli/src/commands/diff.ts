import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { diffSurfaces, readSurface, type Change, type ClassSurface, type Severity } from '@mortise/infer';

import { UsageError, type Command, type ExitCode, type Terminal } from '../command.ts';

const severities: readonly Severity[] = ['breaking', 'compatible', 'text'];

const options = {
  'fail-on': { type: 'string', default: 'breaking' },
  json: { type: 'boolean', default: false },
} as const;

/** Says what changed for a client between two surfaces. */
export const diff: Command = {
  usage: 'mortise diff <old> <new> [--fail-on breaking|compatible|text] [--json]',
  summary: 'say what changed for clients between two surfaces',
  help: `Compares two surface files, or two files that \`mortise infer --json\` printed:

  git show main:src/surface.gen.ts > old.ts && mortise diff old.ts src/surface.gen.ts

  breaking     what clients send may be refused, or what they read be gone or new to them
  compatible   more is possible, nothing that was is not
  text         only what a model reads

  --fail-on    the least of these that fails (default: breaking)
  --json       print the changes as JSON

Exit code: 0 nothing that fails, 1 something that fails, 2 wrong usage or unreadable file`,
  options,

  async run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options,
    });
    const failing = severities.indexOf(values['fail-on'] as Severity);
    if (failing < 0) throw new UsageError(`--fail-on takes ${severities.join(', ')}, not ${values['fail-on']}`);
    const [before, after, more] = positionals;
    if (before === undefined || after === undefined || more !== undefined) throw new UsageError('it takes two files');
    const changes = diffSurfaces(read(before, terminal), read(after, terminal));
    terminal.out(values.json ? JSON.stringify(changes, null, 2) : inWords(changes));
    return changes.some(({ severity }) => severities.indexOf(severity) <= failing) ? 1 : 0;
  },
};

function read(name: string, { directory }: Terminal): ClassSurface[] {
  try {
    return readSurface(readFileSync(path.resolve(directory, name), 'utf8'));
  } catch (error) {
    throw new UsageError(`${name} cannot be read: ${(error as Error).message}`);
  }
}

function inWords(changes: readonly Change[]): string {
  if (changes.length === 0) return 'nothing changed for a client';
  const sorted = severities.flatMap((severity) => changes.filter((change) => change.severity === severity));
  return sorted.map(({ severity, where, what }) => `${severity.padEnd(10)}  ${where}: ${what}`).join('\n');
}
