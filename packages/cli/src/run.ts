import { CommandError, ConnectionError, UsageError, type Command, type ExitCode, type Terminal } from './command.ts';

/**
 * Every command by its name; each is a file of its own, read when the command is run. What all of them need together
 * takes a tenth of a second longer to start, and 15 MB.
 */
const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['new', async () => (await import('./commands/new.ts')).newServer],
  ['rename', async () => (await import('./commands/rename.ts')).rename],
  ['run', async () => (await import('./commands/run-server.ts')).runServer],
  ['dev', async () => (await import('./commands/dev.ts')).dev],
  ['infer', async () => (await import('./commands/infer.ts')).infer],
  ['check', async () => (await import('./commands/check.ts')).check],
  ['diff', async () => (await import('./commands/diff.ts')).diff],
  ['inspect', async () => (await import('./commands/inspect.ts')).inspect],
  ['call', async () => (await import('./commands/call.ts')).call],
  ['install', async () => (await import('./commands/install.ts')).install],
  ['doctor', async () => (await import('./commands/doctor.ts')).doctor],
  ['completion', async () => (await import('./commands/completion.ts')).completionOf(loadAll)],
]);

async function loadAll(): Promise<ReadonlyMap<string, Command>> {
  return new Map(await Promise.all([...commands].map(async ([name, load]) => [name, await load()] as const)));
}

/**
 * Runs `mortise` with the arguments after the program's name.
 * @returns The exit code
 */
export async function run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = parameters;
  if (name === undefined || name === '--help' || name === '-h') {
    const list = [...(await loadAll())].map(([key, { summary }]) => `  ${key.padEnd(12)}${summary}`).join('\n');
    terminal.out(`usage: mortise <command> [options]\n\n${list}\n\nmortise <command> --help says more.`);
    return name === undefined ? 2 : 0;
  }
  const command = await commands.get(name)?.();
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
