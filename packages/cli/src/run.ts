import { CommandError, ConnectionError, UsageError, type Command, type ExitCode, type Terminal } from './command.ts';
import { call } from './commands/call.ts';
import { check } from './commands/check.ts';
import { completionOf } from './commands/completion.ts';
import { dev } from './commands/dev.ts';
import { diff } from './commands/diff.ts';
import { doctor } from './commands/doctor.ts';
import { infer } from './commands/infer.ts';
import { inspect } from './commands/inspect.ts';
import { install } from './commands/install.ts';
import { newServer } from './commands/new.ts';
import { rename } from './commands/rename.ts';
import { runServer } from './commands/run-server.ts';

/** Every command by its name; each is a file of its own. */
const commands: ReadonlyMap<string, Command> = new Map([
  ['new', newServer],
  ['rename', rename],
  ['run', runServer],
  ['dev', dev],
  ['infer', infer],
  ['check', check],
  ['diff', diff],
  ['inspect', inspect],
  ['call', call],
  ['install', install],
  ['doctor', doctor],
  ['completion', completionOf(() => commands)],
]);

/**
 * Runs `mortise` with the arguments after the program's name.
 * @returns The exit code
 */
export async function run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = parameters;
  if (name === undefined || name === '--help' || name === '-h') {
    const list = [...commands].map(([key, { summary }]) => `  ${key.padEnd(12)}${summary}`).join('\n');
    terminal.out(`usage: mortise <command> [options]\n\n${list}\n\nmortise <command> --help says more.`);
    return name === undefined ? 2 : 0;
  }
  const command = commands.get(name);
  if (!command) {
    terminal.err(`mortise: there is no command ${name}; mortise --help lists them`);
    return 2;
  }
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (own.includes('--help') || own.includes('-h')) {
    terminal.out(`usage: ${command.usage}\n\n${command.help}`);
    return 0;
  }
  try {
    return await command.run(rest, terminal);
  } catch (error) {
    if (error instanceof ConnectionError || error instanceof CommandError) {
      terminal.err(`mortise ${name}: ${error.message}`);
      return error instanceof ConnectionError ? 3 : 1;
    }
    if (!isUsageError(error)) throw error;
    terminal.err(`mortise ${name}: ${error.message}\nusage: ${command.usage}`);
    return 2;
  }
}

/** Ours, or one of `parseArgs`. */
function isUsageError(error: unknown): error is Error {
  return error instanceof UsageError || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
}
