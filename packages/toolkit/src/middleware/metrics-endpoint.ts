import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { localhostAllowedHostnames } from '@modelcontextprotocol/server';
import type { Registry } from 'prom-client';

import { ConfigurationError } from '../define/configuration-error.ts';
import { bareHost, isLoopback } from '../serve/allowed-hosts.ts';
import { Guard } from '../serve/guards.ts';
import { reasonOf, report } from '../serve/report.ts';

/** Where `/metrics` is served, and to whom. */
export interface MetricsBind {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 9464; 0 lets the system choose. */
  readonly port?: number;
  /** Asks for `Authorization: Bearer <token>`; needed where other machines reach the address. */
  readonly token?: string | undefined;
  /** Everyone who reaches the address may read, such as where the network of a cluster decides who does. */
  readonly withoutAuthentication?: boolean;
}

/** The endpoint at work. */
export interface MetricsService extends AsyncDisposable {
  /** Such as `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
}

/** Serves a registry under `/metrics`. */
export async function serveMetrics(registry: Registry, bind: MetricsBind): Promise<MetricsService> {
  const { host = '127.0.0.1', port = 9464, token, withoutAuthentication = false } = bind;
  if (token === '') throw new ConfigurationError('The token of /metrics is empty. Give one, or none at all.');
  if (!isLoopback(host) && token === undefined && !withoutAuthentication) {
    throw new ConfigurationError(
      `/metrics on ${host} is reachable from other machines: give it a token, or keep it on 127.0.0.1.`,
    );
  }
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000 }, (request, response) => {
    const refusal = refusalOf(request, token, isLoopback(host));
    if (refusal !== undefined) {
      response.writeHead(refusal, refusal === 401 ? { 'www-authenticate': 'Bearer' } : {}).end();
      return;
    }
    answer(registry, request, response).catch((error: unknown) => {
      report(`/metrics failed: ${reasonOf(error)}`);
      response.writeHead(500).end();
    });
  });
  server.unref(); // nobody who reads metrics keeps a server alive
  server.listen(port, bareHost(host));
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ConfigurationError(
      `/metrics cannot listen on ${host}, port ${port} (${(error as NodeJS.ErrnoException).code}). Give it another port.`,
      { cause: error },
    );
  }
  const { address, family, port: chosen } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${chosen}/metrics`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Of a port that only this machine reaches. */
const LOCAL = new Guard(localhostAllowedHostnames());

function refusalOf(request: IncomingMessage, token: string | undefined, local: boolean): number | undefined {
  if (token !== undefined) {
    if (!same(request.headers.authorization ?? '', `Bearer ${token}`)) return 401;
  } else if (local && LOCAL.refusal(request.headers) !== undefined) return 403;
  if (request.url?.split('?', 1)[0] !== '/metrics') return 404;
  return request.method === 'GET' || request.method === 'HEAD' ? undefined : 405;
}

async function answer(registry: Registry, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await registry.metrics();
  response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : text);
}

/** Compares without telling by its time how much of the token was right. */
function same(given: string, wanted: string): boolean {
  const [left, right] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(left as Buffer, right as Buffer);
}
