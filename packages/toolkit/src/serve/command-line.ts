import { setTimeout as delay } from 'node:timers/promises';
import { ConfigurationError } from '../define/configuration-error.ts';
import type { Ending, Service } from './ending.ts';
import type { Endpoint, Program } from './endpoint.ts';
import type { HttpService } from './http.ts';
import { helpText } from './help.ts';
import { type Invocation, parseCommandLine } from './parse-command-line.ts';
import { reasonOf, report } from './report.ts';
import { INTERRUPTED, onStopSignal } from './signals.ts';
import { UsageError } from './usage-error.ts';

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/**
 * Runs a program's command line and ends the process: 0 done, 1 failed (one line on stderr says why) or a call was
 * cut, 2 a command line that cannot be understood, 130 after a second Ctrl-C. Serves over stdio unless the command line says otherwise.
 */
export async function run(
  program: Program,
  argv: readonly string[] = process.argv.slice(2),
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<never> {
  // Whoever read the log may be gone; that is no reason to end.
  process.stderr.on('error', () => undefined);
  let code: number;
  try {
    code = await perform(program, parseCommandLine(program, argv, environment));
  } catch (error) {
    code = error instanceof UsageError ? EXIT.usage : EXIT.failed;
    const seeHelp = error instanceof UsageError ? ` See ${program.name} --help.` : '';
    report(`${program.name}: ${reasonOf(error)}${seeHelp}`);
  }
  process.exit(code);
}

async function perform(program: Program, invocation: Invocation): Promise<number> {
  switch (invocation.kind) {
    case 'help':
      return await print(helpText(program));
    case 'version':
      return await print(`${program.version}\n`);
    case 'health': {
      const { probe } = await import('./probe.ts');
      return await print(`${await probe(invocation.url)}\n`);
    }
    case 'command': {
      const command = program.commands[invocation.name];
      if (!command) throw new ConfigurationError(`The command ${invocation.name} is not defined.`);
      return await print(`${await command.run(invocation.values)}\n`);
    }
    case 'stdio':
      return await runOverStdio(program, invocation);
    case 'http':
      return await runOverHttp(program, invocation);
  }
}

async function runOverStdio(
  program: Program,
  { callers, tools, values, operands }: Extract<Invocation, { kind: 'stdio' }>,
): Promise<number> {
  const [{ reserveStdout }, { serveStdio }] = await Promise.all([import('./stdout.ts'), import('./stdio.ts')]);
  const output = reserveStdout();
  const endpoint = program.start(values, { callers, tools, operands });
  const service = serveStdio(endpoint, { output });
  if (process.stdin.isTTY) {
    report(
      `${program.name} speaks MCP on stdin and stdout: let an MCP client start it, or add --http. Ctrl-C ends it.`,
    );
  }
  // A client that leaves may cut its own calls: that is no failure.
  const { closed, crashed } = await untilEnded(service, endpoint);
  return closed && !crashed ? EXIT.done : EXIT.failed;
}

async function runOverHttp(
  program: Program,
  { bind, drainSeconds, authentication: settings, tools, values, operands }: Extract<Invocation, { kind: 'http' }>,
): Promise<number> {
  const { serveHttp } = await import('./http.ts');
  const authenticates = settings !== undefined || (program.verifier !== undefined && !bind.withoutAuthentication);
  const endpoint = program.start(values, {
    callers: { kind: authenticates ? 'verified' : 'anyone' },
    tools,
    operands,
  });
  const serve = async (): Promise<HttpService> => {
    if (!authenticates) return await serveHttp(endpoint, bind);
    const { configureAuthentication } = await import('../auth/configure.ts');
    const { name, scopes } = endpoint;
    const verifier = program.verifier?.(values);
    return await serveHttp(endpoint, bind, {}, await configureAuthentication(settings, { name, scopes, verifier }));
  };
  const service = await serve().catch(async (error: unknown) => {
    await endpoint.close();
    throw error;
  });
  const drain = async (): Promise<void> => {
    if (drainSeconds === 0) return;
    service.drain();
    report(`${endpoint.name}: is no longer ready, and answers for ${drainSeconds} s more.`);
    await delay(drainSeconds * 1_000);
  };
  const ended = untilEnded(service, endpoint, drain);
  report(`${program.name} ${program.version} listens on ${service.url}`);
  const { cut, closed, crashed } = await ended;
  return closed && !cut && !crashed ? EXIT.done : EXIT.failed;
}

/**
 * Resolves when the service has ended: by its client, by a signal, or by an error that nobody caught.
 * @param drain - What comes between a signal and the end; never rejects
 */
async function untilEnded(
  service: Service,
  { name, calls, started }: Endpoint,
  drain: () => Promise<void> = () => Promise.resolve(),
): Promise<Ending & { crashed: boolean }> {
  let crashed = false;
  onStopSignal(
    (signal) => {
      void drain().then(() => {
        if (calls.size > 0) report(`${name}: waits for the calls in flight (${calls.size}); Ctrl-C ends it at once.`);
        return service.stop(`The server stops (${signal}).`);
      });
    },
    () => process.exit(INTERRUPTED),
  );
  const crash = (line: string): void => {
    crashed = true;
    report(`${name}: ${line}`);
    void service.stop('The server stops after an error.');
  };
  started.catch((error: unknown) => crash(reasonOf(error)));
  // What an error that nobody caught leaves behind is not known: others answer, then a supervisor starts afresh.
  process.on('uncaughtException', (error: unknown) => {
    crash(`stops after an error that nothing caught: ${reasonOf(error)}`);
  });
  const ending = await service.ended;
  return { ...ending, crashed };
}

/** Resolves when the text has left the process, which ends right after. */
function print(text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve(EXIT.done)));
  });
}
