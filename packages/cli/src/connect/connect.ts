import { Client, StreamableHTTPClientTransport, type ClientOptions } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

import manifest from '../../package.json' with { type: 'json' };
import { ConnectionError, type Terminal } from '../command.ts';
import type { Target } from './target.ts';

/** The revisions of the protocol that a connection can be made to speak; `auto` takes the newest that the server knows. */
export type Era = 'auto' | '2025-11-25' | '2026-07-28';

/** An open connection to a server. Disposing of it ends a server that was started for it. */
export interface Connection extends AsyncDisposable {
  readonly client: Client;
  /** What the server wrote to stderr. */
  readonly log: () => string;
}

/** How long a server may take to answer the first message, in milliseconds. */
const HANDSHAKE_MS = 30_000;

const negotiation: Readonly<Record<Era, NonNullable<ClientOptions['versionNegotiation']>>> = {
  auto: { mode: 'auto' },
  '2025-11-25': { mode: 'legacy' },
  '2026-07-28': { mode: { pin: '2026-07-28' } },
};

/** The variable that holds the bearer token for a URL, when none is named. */
const DEFAULT_TOKEN_VARIABLE = 'MORTISE_TOKEN';

/**
 * Connects to a server as a host does.
 * @param tokenVariable - The environment variable with the bearer token for a URL
 * @throws ConnectionError when the server does not answer
 */
export async function connect(
  target: Target,
  terminal: Terminal,
  { era = 'auto', tokenVariable }: { readonly era?: Era; readonly tokenVariable?: string | undefined } = {},
): Promise<Connection> {
  const client = new Client({ name: 'mortise', version: manifest.version }, { versionNegotiation: negotiation[era] });
  let log = '';
  const transport =
    target.kind === 'http'
      ? new StreamableHTTPClientTransport(target.url, { requestInit: { headers: headersOf(terminal, tokenVariable) } })
      : new StdioClientTransport({
          command: target.command,
          args: [...target.args],
          cwd: terminal.directory,
          env: Object.fromEntries(Object.entries(terminal.environment).filter(isSet)),
          stderr: 'pipe',
        });
  if (transport instanceof StdioClientTransport) transport.stderr?.on('data', (data) => (log += String(data)));
  try {
    await client.connect(transport, { timeout: HANDSHAKE_MS });
  } catch (error) {
    await client.close().catch(() => undefined);
    throw new ConnectionError(`${reasonOf(error, target)}${log === '' ? '' : `\n${log.trimEnd()}`}`, { cause: error });
  }
  return { client, log: () => log, [Symbol.asyncDispose]: () => client.close() };
}

function headersOf({ environment }: Terminal, variable = DEFAULT_TOKEN_VARIABLE): Record<string, string> {
  const token = environment[variable];
  if (token === undefined && variable !== DEFAULT_TOKEN_VARIABLE) {
    throw new ConnectionError(`the variable ${variable} is not set: export ${variable}=<token> first`);
  }
  return token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` };
}

function isSet(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}

function reasonOf(error: unknown, target: Target): string {
  const { message, code, status } = error as Error & { code?: unknown; status?: unknown };
  if (message.includes('did not offer pinned protocol version')) {
    return 'the server does not know this revision of MCP: update the SDK that it is made with';
  }
  if (target.kind === 'stdio') {
    if (code === 'ENOENT') return `the command ${target.command} was not found: install it, or write its whole path`;
    return `the server did not answer (${message}): start it by hand to see why; a file has to call run(server)`;
  }
  if (status === 401 || /\b401\b|unauthorized/iu.test(message)) {
    return `${target.url.href} asks for a token: put one into ${DEFAULT_TOKEN_VARIABLE}, or name its variable by --token-env`;
  }
  const reason = systemCode(error) ?? message;
  return `${target.url.href} does not answer (${reason}): is the server running, and does the path end in /mcp?`;
}

/** The operating system's word for what happened, such as ECONNREFUSED, out of the errors that were wrapped around it. */
function systemCode(error: unknown): string | undefined {
  for (
    let each = error;
    each instanceof Error;
    each = each.cause ?? (each as { data?: { cause?: unknown } }).data?.cause
  ) {
    const { code } = each as { code?: unknown };
    if (typeof code === 'string' && /^E[A-Z]+$/u.test(code)) return code;
  }
  return undefined;
}
