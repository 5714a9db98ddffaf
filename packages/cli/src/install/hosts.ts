import path from 'node:path';

import { CommandError, type Terminal } from '../command.ts';
import type { Target } from '../connect/target.ts';

/** What a host's file says of one server. */
export type Entry = Readonly<Record<string, unknown>>;

/** A program that takes MCP servers from a file. */
export interface Host {
  /** Where its file is. */
  file(terminal: Terminal, platform?: NodeJS.Platform): string;
  /** The property that holds the servers. */
  readonly servers: 'mcpServers' | 'servers';
  entry(target: Target, environment: Readonly<Record<string, string>>): Entry;
}

const plain: Host['entry'] = (target, env) => {
  if (target.kind === 'http') return { type: 'http', url: target.url.href };
  const { command, args } = target;
  return { command, args, ...(Object.keys(env).length > 0 && { env }) };
};

/** The hosts by the name that `--client` takes. */
export const hosts: Readonly<Record<string, Host>> = {
  'claude-desktop': {
    file: (terminal, platform = process.platform) =>
      path.join(settingsOf(terminal, platform), 'Claude/claude_desktop_config.json'),
    servers: 'mcpServers',
    // Its file starts programs only; what is on the network comes through one.
    entry: (target, env) =>
      target.kind === 'http' ? { command: 'npx', args: ['-y', 'mcp-remote', target.url.href] } : plain(target, env),
  },
  'claude-code': { file: ({ directory }) => path.join(directory, '.mcp.json'), servers: 'mcpServers', entry: plain },
  cursor: {
    file: (terminal) => path.join(homeOf(terminal), '.cursor/mcp.json'),
    servers: 'mcpServers',
    entry: (target, env) => (target.kind === 'http' ? { url: target.url.href } : plain(target, env)),
  },
  vscode: {
    file: ({ directory }) => path.join(directory, '.vscode/mcp.json'),
    servers: 'servers',
    entry: (target, env) => (target.kind === 'http' ? plain(target, env) : { type: 'stdio', ...plain(target, env) }),
  },
  'mcp-json': { file: ({ directory }) => path.join(directory, 'mcp.json'), servers: 'mcpServers', entry: plain },
};

function homeOf({ environment }: Terminal): string {
  const home = environment['HOME'] ?? environment['USERPROFILE'];
  if (home === undefined) throw new CommandError('neither HOME nor USERPROFILE says where the settings are: set one');
  return home;
}

/** Where programs keep the settings of a user. */
function settingsOf(terminal: Terminal, platform: NodeJS.Platform): string {
  const { environment } = terminal;
  if (platform === 'darwin') return path.join(homeOf(terminal), 'Library/Application Support');
  if (platform === 'win32') return environment['APPDATA'] ?? path.join(homeOf(terminal), 'AppData/Roaming');
  return environment['XDG_CONFIG_HOME'] ?? path.join(homeOf(terminal), '.config');
}
