import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { CommandError, UsageError, type Command, type ExitCode, type Terminal } from '../command.ts';
import { targetOf, type Target } from '../connect/target.ts';
import { changeOf, undo, write } from '../install/file.ts';
import { hosts, type Entry, type Host } from '../install/hosts.ts';
import { masked } from '../install/masked.ts';

const options = {
  client: { type: 'string' },
  name: { type: 'string' },
  env: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean', default: false },
  undo: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** Tells a host of a server. */
export const install: Command = {
  usage: 'mortise install <target> --client <host> [--name NAME] [--env NAME[=value]]... [--dry-run] [--json]',
  summary: 'tell Claude, Cursor, VS Code or another host of a server',
  help: `Writes a server into the file of a host, or takes the last change back: mortise install --undo --client <host>

  --client    claude-desktop, claude-code (by claude mcp add-json, else .mcp.json here), cursor,
              vscode (.vscode/mcp.json here), mcp-json (mcp.json here)
  --name      how the host calls it (default: from the target)
  --env       a variable for the server; without =value, as it is set now
  --dry-run   show what would change, with secrets masked, and change nothing
  --undo      take the last change back, unless the file was changed since
  --json      print the change as JSON, with secrets masked

A target is a URL, a folder or file of a server, or a command in quotes. What else is in the file stays, comments too;
the file as it was is kept beside it.

Exit code: 0 done, 1 the file cannot be changed, 2 wrong usage`,
  options,

  async run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({ args: [...parameters], allowPositionals: true, options });
    const client = values.client ?? '';
    const host = Object.hasOwn(hosts, client) ? hosts[client] : undefined;
    if (!host) throw new UsageError(`--client takes ${Object.keys(hosts).join(', ')}`);
    const file = host.file(terminal);
    if (values.undo) {
      if (positionals.length > 0) throw new UsageError('--undo takes no target');
      undo(file);
      terminal.out(values.json ? JSON.stringify({ file, undone: true }) : `${file} is as it was.`);
      return 0;
    }
    const [typed, more] = positionals;
    if (typed === undefined || more !== undefined)
      throw new UsageError('it takes one target; a command goes in quotes');
    const target = targetOf(typed, terminal.directory);
    const name = values.name ?? nameOf(typed, target);
    if (!/^[\w-]{1,64}$/u.test(name)) throw new UsageError(`--name takes letters, digits, - and _, not ${name}`);
    const entry = host.entry(target, environmentOf(values.env ?? [], terminal));
    const change = changeOf(file, host.servers, name, entry);
    const byCommand = client === 'claude-code' && hasClaude(terminal);
    const where = byCommand ? 'claude mcp add-json' : file;
    terminal.out(
      values.json
        ? JSON.stringify({ where, name, entry: masked(entry), written: !values['dry-run'] }, null, 2)
        : [where, ...linesOf('-', name, byCommand ? undefined : change.old), ...linesOf('+', name, entry)].join('\n'),
    );
    if (values['dry-run']) return 0;
    if (byCommand) addByClaude(name, entry, terminal);
    else write(change);
    terminal.err(`${client} has ${name}: start it anew. Back: ${undoOf(byCommand, name, client)}`);
    return 0;
  },
};

function undoOf(byCommand: boolean, name: string, client: string): string {
  return byCommand ? `claude mcp remove ${name}` : `mortise install --undo --client ${client}`;
}

/** The last name in a path, a package or a URL's host. */
function nameOf(typed: string, target: Target): string {
  if (target.kind === 'http') return target.url.hostname.replaceAll(/[^\w-]/gu, '-');
  const word = typed.split(/\s+/u).findLast((each) => !each.startsWith('-')) ?? typed;
  const base = path.basename(path.resolve(word)).replace(/\.[cm]?[jt]s$/u, '');
  return base.replace(/@.*$/u, '').replaceAll(/[^\w-]/gu, '-');
}

function environmentOf(typed: readonly string[], { environment }: Terminal): Record<string, string> {
  return Object.fromEntries(
    typed.map((each) => {
      const [, name = '', value = environment[name]] = /^(\w+)(?:=(.*))?$/su.exec(each) ?? [];
      if (name === '') throw new UsageError('--env takes NAME=value or NAME');
      if (value === undefined) throw new UsageError(`--env ${name}: the variable is not set`);
      return [name, value];
    }),
  );
}

function linesOf(sign: '+' | '-', name: string, entry: Entry | undefined): string[] {
  if (entry === undefined) return [];
  return `${JSON.stringify(name)}: ${JSON.stringify(masked(entry), null, 2)}`
    .split('\n')
    .map((line) => `${sign} ${line}`);
}

function hasClaude({ environment, directory }: Terminal): boolean {
  return spawnSync('claude', ['--version'], { env: { ...environment }, cwd: directory }).status === 0;
}

function addByClaude(name: string, entry: ReturnType<Host['entry']>, { environment, directory }: Terminal): void {
  const json = JSON.stringify('command' in entry ? { type: 'stdio', ...entry } : entry);
  const { status, stderr } = spawnSync('claude', ['mcp', 'add-json', name, json], {
    env: { ...environment },
    cwd: directory,
    encoding: 'utf8',
  });
  if (status !== 0) throw new CommandError(`claude refused the server: ${stderr.trim().split('\n', 1)[0]}`);
}
