import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { CommandError, UsageError, type Command, type ExitCode, type Terminal } from '../command.ts';
import { writeProject } from '../new/project.ts';
import { renamed } from '../new/renamed.ts';
import { workspaceOf } from '../new/workspace.ts';

const options = { json: { type: 'boolean', default: false } } as const;

/** Makes a server of one's own. */
export const newServer: Command = {
  usage: 'mortise new [name] [--json]',
  summary: 'make a server of your own that works at once',
  help: `Makes a server that works at once: two tools, a prompt and a resource, with tests. Inside a clone or a fork of the
Mortise workspace it becomes servers/<name>, a copy of servers/template; anywhere else a project in ./<name>.

  --json    print the folder and the next steps as JSON

Without a name it asks for one.

Exit code: 0 made, 1 it cannot be made, 2 wrong usage`,
  options,

  async run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({ args: [...parameters], allowPositionals: true, options });
    if (positionals.length > 1) throw new UsageError('it takes one name');
    const name = positionals[0] ?? (await terminal.ask?.('What is the server called? '))?.trim();
    if (name === undefined) throw new UsageError('it takes the name of the server');
    if (!/^[a-z][a-z\d]*(?:-[a-z\d]+)*$/u.test(name)) {
      throw new UsageError(`a name is made of a-z, 0-9 and single dashes, such as my-notes, not ${name}`);
    }
    const workspace = workspaceOf(terminal.directory);
    const folder =
      workspace === undefined ? path.join(terminal.directory, name) : path.join(workspace, 'servers', name);
    const shown = path.relative(terminal.directory, folder);
    if (existsSync(folder)) throw new CommandError(`there is a ${shown} already: choose another name`);
    if (workspace === undefined) writeProject(folder, name);
    else addToWorkspace(workspace, name);
    const steps =
      workspace === undefined
        ? [`cd ${shown}`, 'npm install', 'npm test']
        : ['pnpm install', `pnpm exec vitest run ${shown}`];
    terminal.out(
      values.json ? JSON.stringify({ folder, steps }, null, 2) : `Made ${shown}. Next:\n\n  ${steps.join('\n  ')}`,
    );
    return 0;
  },
};

function addToWorkspace(workspace: string, name: string): void {
  const folder = path.join(workspace, 'servers', name);
  const template = path.join(workspace, 'servers/template');
  cpSync(template, folder, {
    recursive: true,
    filter: (file) => !/^(?:node_modules|dist|\.turbo)$/u.test(path.relative(template, file).split(path.sep)[0] ?? ''),
  });
  for (const file of ['package.json', 'src/server.ts', 'README.md']) {
    const place = path.join(folder, file);
    writeFileSync(place, renamed(readFileSync(place, 'utf8'), name));
  }
  const references = path.join(workspace, 'tsconfig.json');
  const line = '    { "path": "servers/template" },\n';
  const text = readFileSync(references, 'utf8');
  writeFileSync(references, text.replace(line, `${line}    { "path": "servers/${name}" },\n`));
}
