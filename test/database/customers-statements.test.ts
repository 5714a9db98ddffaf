// What a question costs: calls, tokens and statements.
import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CursorSigner, Privacy, tenantDatabase, type CommerceSchema, type TenantDatabase } from '@mortise/commerce';
import { Customers } from '@mortise/customer-db';
import type { Database } from '@mortise/database';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';

const { signal } = new AbortController();
const cursors = new CursorSigner('one secret');

let server: OpenTestDatabase;
let database: Database<CommerceSchema>;

beforeAll(async () => {
  server = await openTestDatabase();
  database = server.open({ readOnly: true });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Tells of every statement. */
class Counted implements KyselyPlugin {
  readonly #tell: () => void;

  constructor(tell: () => void) {
    this.#tell = tell;
  }

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    this.#tell();
    return node;
  }

  transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return Promise.resolve(result);
  }
}

/** How many statements of customer-db an answer takes, and the answer. */
async function statements(ask: (asked: Customers) => Promise<unknown>): Promise<{ count: number; answer: unknown }> {
  let count = 0;
  const own = tenantDatabase(database, 'main');
  const counting: TenantDatabase = {
    ...own,
    read: (work) => own.read((db) => work(db.withPlugin(new Counted(() => (count += 1))))),
  };
  return { answer: await ask(new Customers(counting, new Privacy('full'), cursors)), count };
}

describe('a question about a company and its pending orders', () => {
  test('takes one call of under 1,500 tokens, and no statement per customer', async () => {
    const few = await statements((asked) => asked.search({ text: 'Acme Corp', limit: 1 }, signal));
    const all = await statements((asked) => asked.search({ text: 'Acme Corp', limit: 4 }, signal));
    expect(few.count).toBeGreaterThan(0);
    expect(all.count).toBeLessThanOrEqual(2);
    // About four characters are a token.
    expect(JSON.stringify(all.answer).length / 4).toBeLessThan(1_500);
    const one = await statements((asked) => asked.several([1001], signal));
    const many = await statements((asked) => asked.several([1001, 1002, 1003, 1004, 1005], signal));
    expect([one.count, many.count]).toEqual([1, 1]);
  });
});
