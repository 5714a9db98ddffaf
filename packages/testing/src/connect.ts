import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';

import { StreamableHTTPClientTransport, type Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { createMcpHandler, InMemoryTransport, type AuthInfo, type JSONRPCMessage } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { Callers, Endpoint } from '@mortise/toolkit';
import { Authentication } from '@mortise/toolkit/auth/authentication';
import { serveHttp } from '@mortise/toolkit/serve/http';
import { serveStdio } from '@mortise/toolkit/serve/stdio';

/** Who calls, in a test. */
export interface Caller {
  readonly subject: string;
  /** Default: none. */
  readonly scopes?: readonly string[];
  /** The OAuth client; default `test`. Over stdio there is none. */
  readonly client?: string;
  /** Over stdio there are none. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A server in a process of its own, over stdio. */
export interface Command {
  readonly command: string;
  readonly args?: readonly string[];
  /** All that the process sees of the environment besides `PATH` and the like. */
  readonly env?: Readonly<Record<string, string>>;
  /** The working directory. */
  readonly cwd?: string;
}

/**
 * How the client reaches the server: `memory` without a wire, `http` over a socket of the loopback interface, `stdio`
 * over two pipes within the process, or a process of its own.
 */
export type Transport = 'memory' | 'http' | 'stdio' | Command;

/** Closes what a connection opened besides the client. */
type Close = () => Promise<unknown>;

/** How the server has to be started for the transport. */
export function callersOver(transport: Transport, auth: Caller | undefined): Callers {
  if (!auth) return transport === 'http' ? { kind: 'anyone' } : { kind: 'local', subject: 'local' };
  const { subject, scopes = [] } = auth;
  return transport === 'stdio' ? { kind: 'local', subject, scopes } : { kind: 'verified' };
}

/** Connects the client with a started server; resolves with what closes the connection. */
export async function connect(
  client: Client,
  endpoint: Endpoint,
  transport: Exclude<Transport, Command>,
  era: '2025' | '2026',
  auth: Caller | undefined,
): Promise<Close> {
  if (transport === 'http') return await overHttp(client, endpoint, auth);
  if (transport === 'stdio') return await overPipes(client, endpoint);
  return era === '2026' ? await overHandler(client, endpoint, auth) : await overPair(client, endpoint, auth);
}

/** Starts the process and connects the client with it; closing the client ends the process. */
export async function connectProcess(client: Client, { command, args = [], env, cwd }: Command): Promise<void> {
  const process = { command, args: [...args], ...(env && { env: { ...env } }), ...(cwd !== undefined && { cwd }) };
  await client.connect(new StdioClientTransport({ ...process, stderr: 'inherit' }));
}

async function overHttp(client: Client, endpoint: Endpoint, auth: Caller | undefined): Promise<Close> {
  const bind = { host: '127.0.0.1', port: 0, allowedHosts: [], withoutAuthentication: !auth };
  const token = randomUUID();
  const service = await serveHttp(endpoint, bind, {}, auth && authentication(endpoint, token, auth));
  const requestInit = auth ? { headers: { authorization: `Bearer ${token}` } } : {};
  await client.connect(new StreamableHTTPClientTransport(new URL(service.url), { requestInit }));
  return () => service.stop('The test is over.');
}

async function overPipes(client: Client, endpoint: Endpoint): Promise<Close> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const service = serveStdio(endpoint, { input, output });
  // the SDK's server transport is a client's as well: lines in, lines out
  await client.connect(new StdioServerTransport(output, input));
  return () => service.stop('The test is over.');
}

async function overHandler(client: Client, endpoint: Endpoint, auth: Caller | undefined): Promise<Close> {
  const handler = createMcpHandler((request) => endpoint.connect(request), { bus: endpoint.bus });
  const authInfo = auth && { authInfo: infoOf(auth) };
  const fetch = (url: string | URL, init?: RequestInit): Promise<Response> =>
    handler.fetch(new Request(url, init), authInfo);
  await client.connect(new StreamableHTTPClientTransport(new URL('http://localhost/mcp'), { fetch }));
  return () => handler.close();
}

async function overPair(client: Client, endpoint: Endpoint, auth: Caller | undefined): Promise<Close> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  throughJson(near, auth && { authInfo: infoOf(auth) });
  throughJson(far);
  const server = endpoint.connect({ era: 'legacy', ...(auth && { authInfo: infoOf(auth) }) });
  await server.connect(far);
  await client.connect(near);
  return () => server.close();
}

/** Sends what JSON leaves of a message, as a wire would. */
function throughJson(transport: InMemoryTransport, more: { authInfo?: AuthInfo } = {}): void {
  const send = transport.send.bind(transport);
  transport.send = (message, options) =>
    send(JSON.parse(JSON.stringify(message)) as JSONRPCMessage, { ...options, ...more });
}

const AUDIENCE = 'urn:mortise:test';

function authentication({ name, scopes }: Endpoint, token: string, caller: Caller): Authentication {
  const { subject, scopes: granted = [], client = 'test', claims = {} } = caller;
  const verified = { subject, client, scopes: granted, claims, audience: [AUDIENCE], expiresAt: inAnHour() };
  const verifier = { verify: (sent: string) => (sent === token ? verified : undefined) };
  return new Authentication({ name, scopes, verifiers: [verifier], audience: AUDIENCE, resource: undefined });
}

function infoOf({ subject, scopes = [], client = 'test', claims = {} }: Caller): AuthInfo {
  return {
    token: '',
    clientId: client,
    scopes: [...scopes],
    expiresAt: inAnHour(),
    extra: { ...claims, sub: subject },
  };
}

/** In seconds since 1970. */
function inAnHour(): number {
  return Math.floor(Date.now() / 1_000) + 3_600;
}
