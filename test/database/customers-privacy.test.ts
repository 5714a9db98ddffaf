// How much of a customer customer-db shows, by the operator's choice.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CursorSigner, Privacy, type PrivacyMode, tenantDatabase, type CommerceSchema } from '@mortise/commerce';
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

function as(mode: PrivacyMode): Customers {
  return new Customers(tenantDatabase(database, 'main'), new Privacy(mode), cursors);
}

describe('where personal data is hidden', () => {
  test('it is masked in every answer', async () => {
    const masked = as('masked');
    const { customers: found } = await masked.search({ text: 'Acme Corp', limit: 1 }, signal);
    expect(found).toMatchObject([{ name: 'D*** W***', email: 'd***@acme.example', company: 'Acme Corp' }]);
    expect(await masked.profile({ id: 1001 }, 1, signal)).toMatchObject({ name: 'D*** W***', phone: '***17' });
    expect(
      await masked.orders({ customer: 1001, status: undefined, limit: 1, cursor: undefined }, signal),
    ).toMatchObject({ customer: { name: 'D*** W***' } });
    expect(await masked.several([1001], signal)).toMatchObject([{ email: 'd***@acme.example' }]);
  });

  test('or left out', async () => {
    const none = as('none');
    expect(await none.profile({ id: 1001 }, 1, signal)).toMatchObject({
      name: null,
      email: null,
      phone: null,
      notes: null,
    });
    const { customers: found } = await none.search({ text: 'Acme Corp', limit: 1 }, signal);
    expect(found).toMatchObject([{ name: null, email: null, company: 'Acme Corp' }]);
  });

  test.each(['masked', 'none'] as const)('(%s) all of an email finds, and a part of it does not', async (mode) => {
    const { customers: found } = await as(mode).search({ text: 'Dana.Whitfield@acme.example', limit: 5 }, signal);
    expect(found).toMatchObject([{ customer_id: 'CUS-1001', match: 'exact' }]);
    for (const part of ['w.', 'example']) {
      expect((await as('full').search({ text: part, limit: 5 }, signal)).customers).not.toEqual([]);
      expect(await as(mode).search({ text: part, limit: 5 }, signal)).toMatchObject({ customers: [] });
    }
  });

  test('(none) a name is not found out letter by letter', async () => {
    expect(await as('none').search({ text: 'dana whit', limit: 5 }, signal)).toMatchObject({ customers: [] });
    expect(await as('masked').search({ text: 'dana whit', limit: 5 }, signal)).toMatchObject({
      customers: [{ name: 'D*** W***' }],
    });
  });
});
