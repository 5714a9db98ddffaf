import type { Client } from '@modelcontextprotocol/client';
import { CursorSigner, Privacy, type PrivacyMode, tenantDatabase, type CommerceSchema } from '@mortise/commerce';
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
import { testClient, type Answer as UserAnswer } from '@mortise/testing';
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

export interface ClientOptions {
  readonly era?: '2025' | '2026';
  /** Without it, the client cannot ask its user. */
  readonly answer?: AnswerQuestion;
  /** How endings are confirmed; default auto. */
  readonly mode?: ConfirmationMode;
  /** Whose orders; default that of the demo data. */
  readonly tenant?: string;
  /** How much personal data is shown; default full. */
  readonly privacy?: PrivacyMode;
}

/** That of the demo data. */
const tax = TaxRate.parse('8') as TaxRate;

/** The real client and the real server in one process, without a wire. */
export async function ordersClient(
  database: Database<CommerceSchema>,
  { era = '2026', answer, mode: confirmation = 'auto', tenant = 'main', privacy = 'full' }: ClientOptions = {},
): Promise<OrdersClient> {
  const own = tenantDatabase(database, tenant);
  const hidden = new Privacy(privacy);
  const server = createServer({
    name: 'orders',
    version: '0',
    surface,
    describeError,
    setup: () => [
      new OrderReading(
        () => new Orders(own, hidden, new CursorSigner('test'), { engine: database.engine, read_only: false }),
      ),
      new OrderWriting(() => own, { tax, privacy: hidden }),
      new OrderEnding(() => own, confirmation),
    ],
  });
  const t = await testClient(server, { era, ...(answer && { elicit: answer }) });
  return {
    client: t.client,
    async call(name, values) {
      const { text, isError, structured, result } = await t.call(name, values);
      return { isError, text, result: isError ? result._meta?.['mortise/error'] : structured };
    },
    [Symbol.asyncDispose]: () => t[Symbol.asyncDispose](),
  };
}
