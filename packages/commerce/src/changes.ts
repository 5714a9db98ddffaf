import { DatabaseProblem } from '@mortise/database';
import type { Transaction } from 'kysely';

import type { Call } from './call.ts';
import type { CommerceSchema } from './schema.ts';
import type { TenantDatabase } from './tenancy.ts';

/** What a change did. */
export interface Change<Response extends object> {
  /** The order that it is about, or else the customer. */
  readonly order?: number;
  readonly customer?: number;
  /** JSON; kept under the call's idempotency key. */
  readonly response: Response;
}

/** An answer, and whether it was given before. */
export type Answered<Response extends object> = Response & { replayed: boolean };

/**
 * Makes changes: each in one transaction with its line of the audit log and its idempotency key, so that none of the
 * three is ever there without the others.
 */
export class RecordedChanges {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  /**
   * Makes a change once per key: whoever comes second waits for the first and gets the same answer.
   * @param change - Throws to leave everything as it was
   */
  async make<Response extends object>(
    call: Call,
    change: (transaction: Transaction<CommerceSchema>) => Promise<Change<Response>>,
  ): Promise<Answered<Response>> {
    const start = performance.now();
    return this.#database.write(async (transaction) => {
      const earlier = await claim<Response>(transaction, call);
      if (earlier) return { ...earlier, replayed: true };
      const { order, customer, response } = await change(transaction);
      const { tool, principal, client, requestHash: request_hash, key } = call;
      const duration_ms = Math.round(performance.now() - start);
      await transaction
        .insertInto('audit_log')
        .values({
          principal,
          client,
          tool,
          request_hash,
          order_id: order ?? null,
          customer_id: customer ?? null,
          duration_ms,
        })
        .execute();
      if (key !== undefined) {
        await transaction
          .updateTable('idempotency_keys')
          .set({ response: JSON.stringify(response) })
          .where((row) => row.and({ principal, tool, key }))
          .execute();
      }
      return { ...response, replayed: false };
    });
  }

  /** The answer that was given under the call's key, if there was one. */
  async earlier<Response extends object>(call: Call): Promise<Answered<Response> | undefined> {
    if (call.key === undefined) return undefined;
    const response = await this.#database.write((transaction) => readKey<Response>(transaction, call));
    return response && { ...response, replayed: true };
  }
}

/** Takes the key for this transaction, or gives the answer of the one that had it. */
async function claim<Response>(transaction: Transaction<CommerceSchema>, call: Call): Promise<Response | undefined> {
  const { principal, tool, key, requestHash: request_hash } = call;
  if (key === undefined) return undefined;
  const taken = await transaction
    .insertInto('idempotency_keys')
    .values({ principal, tool, key, request_hash })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (taken.numInsertedOrUpdatedRows === 1n) return undefined;
  return readKey(transaction, call);
}

async function readKey<Response>(transaction: Transaction<CommerceSchema>, call: Call): Promise<Response | undefined> {
  const { principal, tool, key = '', requestHash } = call;
  const row = await transaction
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'response'])
    .where((column) => column.and({ principal, tool, key }))
    .executeTakeFirst();
  if (row && row.request_hash !== requestHash) {
    throw new DatabaseProblem({
      code: 'IDEMPOTENCY_MISMATCH',
      message: 'idempotency_key was used before, with other arguments.',
      hint: 'To repeat the earlier call, send exactly its arguments; for a new one, make a new key.',
      retryable: false,
    });
  }
  return row?.response as Response | undefined;
}
