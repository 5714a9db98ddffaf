import { parseArgs } from 'node:util';

import { CommandError, UsageError, type Command, type ExitCode, type Terminal } from '../command.ts';
import { workspaceOf } from '../new/workspace.ts';
import { changesOf, isClean, write, type Change } from '../rename/changes.ts';
import { namesOf, renaming, type Names } from '../rename/names.ts';

const options = {
  repository: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

const steps = ['pnpm install', 'pnpm format', 'pnpm infer', 'npm test'];

/** Gives a fork of the workspace its own names. */
export const rename: Command = {
  usage: 'mortise rename <@scope/name> [--repository owner/name] [--dry-run] [--json]',
  summary: 'give a fork its own scope and name everywhere',
  help: `In a clone or a fork of the Mortise workspace, changes the names in every file that git keeps track of, and of
the files themselves: @acme/joinery makes @acme the scope of all packages, and joinery the name of the command, of the
environment variables (JOINERY_STATE_KEY) and of the tables and keys that the toolkit makes. Do it before there is data.
The licence keeps its copyright notice.

  --repository   where the fork is on GitHub (default: the scope and the name); servers are registered under its owner
  --dry-run      show what would change, and change nothing
  --json         print the changes as JSON

It wants everything committed first, so that git diff shows what it did and git can take it back.

Exit code: 0 renamed or nothing to rename, 1 it cannot be renamed, 2 wrong usage`,
  options,

  async run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({ args: [...parameters], allowPositionals: true, options });
    const to = wanted(positionals, values.repository);
    const workspace = workspaceOf(terminal.directory);
    if (workspace === undefined)
      throw new CommandError('this is no clone of the workspace: a project of its own is named by its package.json');
    const from = namesOf(workspace);
    const changes = changesOf(workspace, renaming(from, to));
    if (!values['dry-run'] && changes.length > 0) {
      if (!isClean(workspace))
        throw new CommandError('there are changes that are not committed: commit or stash them first');
      write(workspace, changes);
    }
    terminal.out(
      values.json
        ? JSON.stringify({ from, to, written: !values['dry-run'], changes: changes.map(shown), steps }, null, 2)
        : inWords(changes, to, values['dry-run']),
    );
    return 0;
  },
};

/** The names as they were typed. */
function wanted(positionals: readonly string[], typed: string | undefined): Names {
  const [word, more] = positionals;
  if (word === undefined || more !== undefined) throw new UsageError('it takes one scope and name: @acme/joinery');
  const [, scope, name] = /^@([a-z\d][a-z\d-]*)\/([a-z][a-z\d]*)$/u.exec(word) ?? [];
  if (scope === undefined || name === undefined)
    throw new UsageError(
      `the scope is made of a-z, 0-9 and -, the name of a-z and 0-9, such as @acme-tools/joinery, not ${word}`,
    );
  const repository = typed ?? `${scope}/${name}`;
  if (!/^[A-Za-z\d-]+\/[\w.-]+$/u.test(repository))
    throw new UsageError(`--repository takes owner/name, not ${repository}`);
  return { scope, name, repository };
}

function shown({ from, to, lines }: Change): object {
  return { file: from, ...(from !== to && { to }), lines };
}

function inWords(changes: readonly Change[], { scope, name }: Names, dry: boolean): string {
  if (changes.length === 0) return `Everything is called @${scope} and ${name} already.`;
  const each = changes.map(
    ({ from, to, lines }) => `${String(lines).padStart(5)}  ${from === to ? from : `${from} → ${to}`}`,
  );
  if (dry) return ['lines  file', ...each, '', `${changes.length} files would change; nothing was written.`].join('\n');
  return `Changed ${changes.length} files. Next:\n\n  ${steps.join('\n  ')}`;
}
