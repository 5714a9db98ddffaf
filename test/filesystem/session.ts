import { readFileSync } from 'node:fs';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

import type { Action, Adapter } from './adapters/adapter.ts';

/** The eras of the protocol that an attack is made in. */
export type Era = '2025' | '2026';

/** What came of one action. */
export interface Outcome {
  /** `none`: the server has no such tool. `silent`: no answer in time. `dead`: the server or the connection ended. */
  readonly kind: 'answer' | 'error' | 'none' | 'silent' | 'dead';
  /** Everything that the client got to see. */
  readonly text: string;
}

/** One server process over stdio. */
export class Session implements AsyncDisposable {
  readonly #adapter: Adapter;
  readonly #client: Client;
  readonly pid: number;
  #ended = false;

  private constructor(adapter: Adapter, client: Client, pid: number) {
    this.#adapter = adapter;
    this.#client = client;
    this.pid = pid;
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the client is no event target
    client.onclose = () => {
      this.#ended = true;
    };
  }

  /** @param own - What the client gives as its own roots, URIs; it has none if left out */
  static async open(
    adapter: Adapter,
    roots: readonly string[],
    era: Era,
    own?: () => readonly string[],
  ): Promise<Session> {
    const { command, args } = adapter.command(roots);
    const transport = new StdioClientTransport({ command, args: [...args], stderr: 'ignore' });
    const mode = era === '2026' ? ({ pin: '2026-07-28' } as const) : 'legacy';
    const capabilities = own ? { roots: { listChanged: true } } : {};
    const client = new Client({ name: 'attack', version: '1' }, { versionNegotiation: { mode }, capabilities });
    if (own) client.setRequestHandler('roots/list', () => ({ roots: own().map((uri) => ({ uri })) }));
    await client.connect(transport);
    const { pid } = transport;
    if (pid === null) throw new Error(`${adapter.name} has ended already`);
    return new Session(adapter, client, pid);
  }

  get client(): Client {
    return this.#client;
  }

  async do(action: Action, milliseconds = 8000): Promise<Outcome> {
    const call = this.#adapter.call(action);
    if (!call) return { kind: 'none', text: '' };
    try {
      const result = await this.#client.callTool(call, { timeout: milliseconds });
      return { kind: result.isError === true ? 'error' : 'answer', text: JSON.stringify(result) };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (this.#ended || /closed|not connected/i.test(text)) return { kind: 'dead', text };
      return { kind: /timed out|timeout/i.test(text) ? 'silent' : 'error', text };
    }
  }

  /** Resident memory of the server in bytes (Linux). */
  memory(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.race([this.#client.close(), new Promise((resolve) => setTimeout(resolve, 3000))]);
    try {
      process.kill(this.pid, 'SIGKILL');
    } catch {}
  }
}
