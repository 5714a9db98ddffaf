import { Client, type CallToolResult, type ElicitRequestFormParams } from '@modelcontextprotocol/client';
import type { Program, Server } from '@mortise/toolkit';

import { classCalls } from './class-calls.ts';
import { callersOver, connect, connectProcess, type Caller, type Transport } from './connect.ts';
import { listedSurface, type ListedSurface } from './listed-surface.ts';
import type { Methods } from './methods.ts';

/** How a user answers a question of the server. */
export interface Answer {
  readonly action: 'accept' | 'decline' | 'cancel';
  /** With `accept`: what was filled in. */
  readonly content?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** Options of {@link testClient}. */
export interface TestClientOptions {
  /** The protocol that the client speaks: 2025-11-25 or 2026-07-28 (the default). */
  readonly era?: '2025' | '2026';
  /** Default: `memory`. */
  readonly transport?: Transport;
  /**
   * Who calls; the server then asks every caller, so that an entry without a policy is nobody's. By default the caller
   * is the local user, who has every scope. A process of its own takes its caller from its command line.
   */
  readonly auth?: Caller;
  /** Answers what the server asks the user. Without it, the client cannot ask its user. */
  readonly elicit?: (message: string, schema: ElicitRequestFormParams['requestedSchema']) => Answer | Promise<Answer>;
  /** Values of the server's own options, by their names on the command line. */
  readonly options?: Readonly<Record<string, string | boolean>>;
  /** The words of the command line besides options. */
  readonly operands?: readonly string[];
}

/** An answer to a tool call, error or not. */
export interface CallResult {
  /** What the model reads. */
  readonly text: string;
  readonly isError: boolean;
  /** The structured result; undefined where there is none. */
  readonly structured: Readonly<Record<string, unknown>> | undefined;
  /** Of an error of the toolkit: its code, such as `NOT_FOUND`. */
  readonly code: string | undefined;
  /** The answer in full. */
  readonly result: CallToolResult;
}

/** A connected client; disposing of it closes the connection and the server. */
export interface TestClient extends AsyncDisposable {
  /** The official SDK's client. */
  readonly client: Client;
  /**
   * The methods of a class that the server offers, itself or by what it mounts, as a client calls them.
   * @throws ToolCallError (rejects) when a tool answers with an error
   */
  of<C extends object>(type: abstract new (...parameters: never[]) => C): Methods<C>;
  /** Calls a tool by its name; an error is an answer like another. */
  call(name: string, values?: Readonly<Record<string, unknown>>): Promise<CallResult>;
  /** All that the server shows this client: `expect(await t.surface()).toMatchSnapshot()`. */
  surface(): Promise<ListedSurface>;
}

/** What is tested: a server, which knows how the methods of its classes are called. */
export type Tested = Program & Partial<Pick<Server, 'methodsOf'>>;

/**
 * Starts a server and connects the official client with it.
 *
 * ```ts
 * await using t = await testClient(server);
 * expect(await t.of(CustomerDb).search_customers('ann')).toMatchObject({ customers: [{ name: 'Ann' }] });
 * expect(await t.surface()).toMatchSnapshot();
 * ```
 * @throws ConfigurationError (rejects) when the server does not start
 */
export async function testClient(app: Tested, options: TestClientOptions = {}): Promise<TestClient> {
  const { era = '2026', transport = 'memory', auth, elicit } = options;
  const mode = era === '2026' ? ({ pin: '2026-07-28' } as const) : 'legacy';
  const capabilities = elicit ? { elicitation: { form: {} } } : {};
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode }, capabilities });
  if (elicit) {
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      const { action, content } = await elicit(params.message, (params as ElicitRequestFormParams).requestedSchema);
      return { action, ...(content && { content: content as Record<string, string | number | boolean | string[]> }) };
    });
  }
  const close = typeof transport === 'object' ? await inProcessOfItsOwn() : await inThisProcess(transport);
  return {
    client,
    of: (type) => methodsOf(client, app, type),
    call: async (name, values = {}) => callResult(await client.callTool({ name, arguments: { ...values } })),
    surface: () => listedSurface(client),
    [Symbol.asyncDispose]: close,
  };

  async function inProcessOfItsOwn(): Promise<() => Promise<void>> {
    if (auth ?? options.options ?? options.operands) {
      throw new TypeError('A process takes auth, options and operands from its command line: put them into args.');
    }
    await connectProcess(client, transport as Exclude<Transport, string>);
    return () => client.close();
  }

  async function inThisProcess(wire: Exclude<Transport, object>): Promise<() => Promise<void>> {
    const deployment = { callers: callersOver(wire, auth), operands: options.operands };
    const endpoint = app.start({ ...options.options }, deployment);
    try {
      await endpoint.started;
      const disconnect = await connect(client, endpoint, wire, era, auth);
      return async () => {
        await client.close();
        await disconnect();
        await endpoint.close();
      };
    } catch (error) {
      await endpoint.close();
      throw error;
    }
  }
}

function methodsOf<C extends object>(
  client: Client,
  app: Tested,
  type: abstract new (...parameters: never[]) => C,
): Methods<C> {
  const { name } = app;
  const offered = app.methodsOf?.(type) ?? [];
  if (offered.length === 0) throw new TypeError(`${type.name} is not in the surface of ${name}.`);
  const calls = classCalls(client, offered);
  return new Proxy({} as Methods<C>, {
    get(_, method) {
      if (method === 'then') return undefined; // the object itself is awaited
      const call = calls.get(String(method));
      if (call) return call;
      throw new TypeError(`${type.name}.${String(method)} is no tool, prompt or resource of ${name}.`);
    },
  });
}

function callResult(result: CallToolResult): CallResult {
  const { content, isError = false, structuredContent, _meta } = result;
  const { code } = (_meta?.['mortise/error'] ?? {}) as { code?: string };
  const text = content.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n');
  return { text, isError, structured: structuredContent as CallResult['structured'], code, result };
}
