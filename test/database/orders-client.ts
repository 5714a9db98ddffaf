import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createMcpHandler, InMemoryTransport } from '@modelcontextprotocol/server';
import { CursorSigner, tenantDatabase, type CommerceSchema } from '@mortise/commerce';
import type { Database } from '@mortise/database';
import {
  describeError,
  OrderEnding,
  OrderReading,
  Orders,
  OrderWriting,
  surface,
  TaxRate,
  type ConfirmationMode,
} from '@mortise/orders';
import { createServer } from '@mortise/toolkit';

/** What a test sees of an answer. */
interface Answer {
  readonly isError: boolean;
  /** What the model reads. */
  readonly text: string;
  /** The structured result; of an error, its code and the rest. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into it at will
  readonly result: any;
}

/** A client of `orders` on a database of the test. */
export interface OrdersClient extends AsyncDisposable {
  readonly client: Client;
  call(tool: string, values?: Record<string, unknown>): Promise<Answer>;
}

/** How the user answers a question of the server. */
type AnswerQuestion = (message: string) => UserAnswer | Promise<UserAnswer>;

// oxlint-disable-next-line typescript/consistent-type-definitions -- the client wants what has an index signature
type UserAnswer = { action: 'accept' | 'decline'; content?: Record<string, boolean> };

export interface ClientOptions {
  readonly era?: '2025' | '2026';
  /** Without it, the client cannot ask its user. */
  readonly answer?: AnswerQuestion;
  /** How endings are confirmed; default auto. */
  readonly mode?: ConfirmationMode;
  /** Whose orders; default that of the demo data. */
  readonly tenant?: string;
}

/** That of the demo data. */
const tax = TaxRate.parse('8') as TaxRate;

/** The real client and the real server in one process, without a wire. */
export async function ordersClient(
  database: Database<CommerceSchema>,
  { era = '2026', answer, mode: confirmation = 'auto', tenant = 'main' }: ClientOptions = {},
): Promise<OrdersClient> {
  const own = tenantDatabase(database, tenant);
  const endpoint = createServer({
    name: 'orders',
    version: '0',
    surface,
    describeError,
    setup: () => [
      new OrderReading(() => new Orders(own, new CursorSigner('test'))),
      new OrderWriting(() => own, tax),
      new OrderEnding(() => own, confirmation),
    ],
  }).start({});
  const mode = era === '2026' ? ({ pin: '2026-07-28' } as const) : 'legacy';
  const capabilities = answer ? { elicitation: { form: {} } } : {};
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode }, capabilities });
  if (answer) client.setRequestHandler('elicitation/create', ({ params }) => answer(params.message));
  const handler = createMcpHandler((request) => endpoint.connect(request));
  if (era === '2026') {
    const fetch = (url: string | URL, init?: RequestInit): Promise<Response> => handler.fetch(new Request(url, init));
    await client.connect(new StreamableHTTPClientTransport(new URL('http://test/mcp'), { fetch }));
  } else {
    const [near, far] = InMemoryTransport.createLinkedPair();
    await endpoint.connect({ era: 'legacy' }).connect(far);
    await client.connect(near);
  }
  return {
    client,
    async call(name, values = {}) {
      const returned = await client.callTool({ name, arguments: values });
      const { content, isError = false, structuredContent, _meta } = returned;
      const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
      return { isError, text, result: isError ? _meta?.['mortise/error'] : structuredContent };
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await handler.close();
      await endpoint.close();
    },
  };
}
