import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { CommandError, UsageError, type Command, type ExitCode, type Terminal } from '../command.ts';
import { launchOf } from '../connect/launch.ts';

const options = {} as const;

/** Runs a server from its source. */
export const runServer: Command = {
  usage: 'mortise run [dir|file] [-- options of the server]',
  summary: 'run a server from its source',
  help: `Runs the server in dir (default: here): its src/cli.ts, else the first bin of its package.json; or a file.
TypeScript needs no build. What follows -- goes to the server:

  mortise run servers/customer-db -- --http --port 3000

Without --http the server speaks MCP on stdin and stdout, which belong to it.

Exit code: that of the server, 2 wrong usage`,
  options,

  async run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const end = parameters.indexOf('--');
    const own = end < 0 ? parameters : parameters.slice(0, end);
    const { positionals } = parseArgs({ args: [...own], allowPositionals: true, options });
    if (positionals.length > 1) throw new UsageError(`one server at a time; what is for the server follows --`);
    const place = path.resolve(terminal.directory, positionals[0] ?? '.');
    if (!existsSync(place)) throw new UsageError(`there is no ${positionals[0]}`);
    const { command, args } = launchOf(place);
    const server = spawn(command, [...args, ...(end < 0 ? [] : parameters.slice(end + 1))], {
      cwd: terminal.directory,
      env: { ...terminal.environment },
      stdio: 'inherit',
    });
    const stop = (): unknown => server.kill('SIGTERM');
    terminal.signal.addEventListener('abort', stop);
    return await new Promise((resolve, reject) => {
      server.once('error', (error) => reject(new CommandError(`the server could not be started: ${error.message}`)));
      server.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  },
};
