import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { formatDiagnostic, watchProject } from '@mortise/infer';

import { UsageError, type Command, type ExitCode, type Terminal } from '../command.ts';
import { launchOf, type Launch } from '../connect/launch.ts';

const options = { inspect: { type: 'boolean', default: false } } as const;

/** Serves a project over HTTP while it is written: infers and restarts on save. */
export const dev: Command = {
  usage: 'mortise dev [dir] [--inspect] [-- options of the server]',
  summary: 'serve a project over HTTP, infer and restart on save',
  help: `Infers the project in dir (default: here), runs its server from the source over HTTP, and does both again
whenever a file changes. While inference refuses, the server stays as it was. What follows -- goes to the server:

  mortise dev servers/customer-db -- --port 4000

  --inspect   open the MCP Inspector on it, which npx fetches

Exit code: 0 interrupted, 2 wrong usage`,
  options,

  async run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const end = parameters.indexOf('--');
    const own = end < 0 ? parameters : parameters.slice(0, end);
    const { values, positionals } = parseArgs({ args: [...own], allowPositionals: true, options });
    if (positionals.length > 1) throw new UsageError(`one project at a time; what is for the server follows --`);
    const directory = path.resolve(terminal.directory, positionals[0] ?? '.');
    if (!existsSync(directory)) throw new UsageError(`there is no ${positionals[0]}`);
    const { command, args } = launchOf(directory);
    const launch = { command, args: [...args, '--http', ...(end < 0 ? [] : parameters.slice(end + 1))] };

    let inspector: ChildProcess | undefined;
    const server = new Server(launch, terminal, (url) => {
      if (values.inspect) inspector ??= start(inspectorOf(url), terminal);
    });
    const watching = watchProject({ directory }, ({ outcome, diagnostics }, milliseconds) => {
      for (const diagnostic of diagnostics) terminal.err(formatDiagnostic(diagnostic, terminal.directory));
      const time = `in ${Math.round(milliseconds)} ms`;
      if (outcome === 'refused') terminal.err('mortise dev: the surface cannot be inferred; the server stays as it is');
      else {
        terminal.err(
          `mortise dev: the surface is ${outcome === 'written' ? 'written' : 'up to date'} ${time}; starting`,
        );
        server.restart();
      }
    });
    if (!terminal.signal.aborted) await once(terminal.signal, 'abort');
    watching[Symbol.dispose]();
    inspector?.kill();
    await server.stop();
    return 0;
  },
};

/** The command that opens the official Inspector on a server. */
export function inspectorOf(url: string): Launch {
  const args = ['--yes', '@modelcontextprotocol/inspector', '--transport', 'http', '--server-url', url];
  return { command: 'npx', args };
}

/** One process at a time: the next starts when the last one has ended, since they share a port. */
class Server {
  #running: { child: ChildProcess; ended: Promise<void> } | undefined;
  /** Whatever was asked for last comes after what was asked for before. */
  #turn: Promise<void> = Promise.resolve();
  /** How often a start was asked for: of several saves during one stop, the last one starts. */
  #asked = 0;

  readonly #launch: Launch;
  readonly #terminal: Terminal;
  readonly #listening: (url: string) => void;

  constructor(launch: Launch, terminal: Terminal, listening: (url: string) => void) {
    this.#launch = launch;
    this.#terminal = terminal;
    this.#listening = listening;
  }

  restart(): void {
    const number = ++this.#asked;
    this.#turn = this.#turn.then(async () => {
      if (number !== this.#asked) return;
      await this.#end();
      this.#start();
    });
  }

  async stop(): Promise<void> {
    this.#asked++;
    await this.#turn;
    await this.#end();
  }

  #start(): void {
    const child = start(this.#launch, this.#terminal, (line) => {
      const [, url] = / listens on (http\S+)$/u.exec(line) ?? [];
      if (url !== undefined) this.#listening(url);
    });
    const ended = new Promise<void>((resolve) => {
      child.once('close', (code) => {
        if (this.#running?.child === child)
          this.#terminal.err(`mortise dev: the server ended (${code ?? 'killed'}); save a file to start it again`);
        resolve();
      });
    });
    this.#running = { child, ended };
  }

  async #end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.child.kill('SIGTERM');
    await running?.ended;
  }
}

/** Starts a program; each line that it says is said on, and handed over. */
function start({ command, args }: Launch, terminal: Terminal, said?: (line: string) => void): ChildProcess {
  const child = spawn(command, args, {
    cwd: terminal.directory,
    env: { ...terminal.environment },
    shell: command === 'npx' && process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      terminal.err(line);
      said?.(line);
    });
  }
  child.once('error', (error) => terminal.err(`mortise dev: ${command} could not be started: ${error.message}`));
  return child;
}
