import { spawnSync } from 'node:child_process';
import { connect as openSocket } from 'node:net';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import type { Client } from '@modelcontextprotocol/client';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';

import { UsageError, type Command, type ExitCode, type Terminal } from '../command.ts';
import { connect, type Era } from '../connect/connect.ts';
import { offersOf } from '../connect/offers.ts';
import { targetHelp, targetOf, type Target } from '../connect/target.ts';
import { withProgress } from '../progress.ts';

const options = {
  needs: { type: 'string', multiple: true },
  'token-env': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** What came of one check; a failed one says what to do. */
interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** A round trip that takes longer is felt in every call, in milliseconds. */
const SLOW_MS = 1_000;
const OLDEST_NODE = 22;

/** Finds out why a server does not work. */
export const doctor: Command = {
  usage: 'mortise doctor <target> [--needs NAME]... [--token-env NAME] [--json]',
  summary: 'find out why a server does not work',
  help: `Goes through what is usually wrong, in this order: the version of Node, the environment variables, the command (or
the port), who may call, the handshake in both revisions of MCP, the list of tools, their schemas, the time a round
trip takes. Each failure comes with what to do.

${targetHelp}
  --needs      an environment variable that the server needs
  --json       print the findings as JSON

Exit code: 0 nothing is wrong, 1 something is, 2 wrong usage`,
  options,

  async run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({ args: [...parameters], allowPositionals: true, options });
    const [typed, more] = positionals;
    if (typed === undefined || more !== undefined)
      throw new UsageError('it takes one target; a command goes in quotes');
    const target = targetOf(typed, terminal.directory);
    const findings = [nodeVersion(), ...(values.needs ?? []).map((name) => variable(name, terminal))];
    const reached = target.kind === 'http' ? await port(target.url) : command(target.command, terminal);
    findings.push(reached);
    if (reached.ok) {
      if (target.kind === 'http') findings.push(await access(target.url));
      for (const era of ['2025-11-25', '2026-07-28'] as const) {
        findings.push(...(await examine(target, era, terminal, values['token-env'])));
      }
    }
    terminal.out(values.json ? JSON.stringify(findings, null, 2) : findings.map(inWords).join('\n'));
    return findings.every(({ ok }) => ok) ? 0 : 1;
  },
};

function inWords({ check, ok, detail }: Finding): string {
  return `${ok ? 'ok    ' : 'FAILED'}  ${check.padEnd(20)}  ${detail}`;
}

function nodeVersion(): Finding {
  const ok = Number.parseInt(process.versions.node, 10) >= OLDEST_NODE;
  const detail = ok ? process.version : `${process.version}: install Node ${OLDEST_NODE} or newer`;
  return { check: 'node', ok, detail };
}

function variable(name: string, { environment }: Terminal): Finding {
  const ok = (environment[name] ?? '') !== '';
  return { check: name, ok, detail: ok ? 'is set' : `is not set: export ${name}=…, or write it into the host's "env"` };
}

function command(name: string, { environment, directory }: Terminal): Finding {
  const { error }: { error?: NodeJS.ErrnoException } = spawnSync(name, ['--version'], {
    env: { ...environment },
    cwd: directory,
    timeout: 10_000,
  });
  const ok = error?.code !== 'ENOENT';
  const detail = ok
    ? `${name} is found`
    : `${name} is not found: install it, or write its whole path; hosts have another PATH`;
  return { check: 'command', ok, detail };
}

async function port({ hostname, port: typed, protocol, host }: URL): Promise<Finding> {
  const number = Number(typed || (protocol === 'https:' ? 443 : 80));
  const socket = openSocket({ host: hostname.replaceAll(/[[\]]/gu, ''), port: number, timeout: 5_000 });
  socket.once('timeout', () => socket.destroy(new Error('no answer in 5 s')));
  try {
    await once(socket, 'connect');
    return { check: 'port', ok: true, detail: `${host} takes connections` };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const detail = `nothing listens on ${host} (${code ?? message}): start the server with --http, and compare --port`;
    return { check: 'port', ok: false, detail };
  } finally {
    socket.destroy();
  }
}

/** What a caller without a token is told. */
async function access(url: URL): Promise<Finding> {
  const { status, headers } = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
  });
  const check = 'auth';
  if (status === 404) return { check, ok: false, detail: `there is no ${url.pathname}: MCP is usually at /mcp` };
  if (status !== 401) return { check, ok: true, detail: 'no token is asked for' };
  if (headers.has('www-authenticate')) return { check, ok: true, detail: 'a token is asked for' };
  return { check, ok: false, detail: '401 says nothing of where to get a token: answer with WWW-Authenticate too' };
}

async function examine(target: Target, era: Era, terminal: Terminal, tokenVariable?: string): Promise<Finding[]> {
  try {
    const opening = connect(target, terminal, { era, tokenVariable });
    const connection = await withProgress(terminal, `waiting for a handshake of ${era}`, opening);
    try {
      return [
        { check: `handshake ${era}`, ok: true, detail: 'is answered' },
        ...(await listing(connection.client, era)),
      ];
    } finally {
      await connection[Symbol.asyncDispose]();
    }
  } catch (error) {
    return [{ check: `handshake ${era}`, ok: false, detail: (error as Error).message }];
  }
}

async function listing(client: Client, era: Era): Promise<Finding[]> {
  try {
    const start = performance.now();
    const { tools } = await offersOf(client);
    const took = Math.round(performance.now() - start);
    const invalid = tools.filter(({ inputSchema, outputSchema }) => !compiles(inputSchema) || !compiles(outputSchema));
    const names = invalid.map(({ name }) => name).join(', ');
    return [
      { check: `tools ${era}`, ok: true, detail: `${tools.length} listed` },
      {
        check: `schemas ${era}`,
        ok: invalid.length === 0,
        detail:
          invalid.length === 0 ? 'are valid' : `are no JSON Schema for ${names}: mend them, hosts leave such tools out`,
      },
      {
        check: `latency ${era}`,
        ok: took <= SLOW_MS,
        detail:
          took <= SLOW_MS
            ? `lists took ${took} ms`
            : `lists took ${took} ms: do slow work on the first call, not before the server answers`,
      },
    ];
  } catch (error) {
    return [
      {
        check: `tools ${era}`,
        ok: false,
        detail: `cannot be listed (${(error as Error).message}): look into the server's log`,
      },
    ];
  }
}

function compiles(schema: object | undefined): boolean {
  try {
    if (schema) new AjvJsonSchemaValidator().getValidator(schema);
    return true;
  } catch {
    return false;
  }
}
