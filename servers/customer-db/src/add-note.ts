import {
  type Answered,
  type Call,
  type Change,
  type CommerceSchema,
  formatCustomerId,
  plainRowText,
  RecordedChanges,
  type TenantDatabase,
} from '@mortise/commerce';
import type { Transaction } from 'kysely';

import { customerNotFound, invalidArgument } from './problems.ts';
import type { AddedNote } from './results.ts';

/** Writes a note's key as `NOTE-12`. */
export function formatNoteId(id: number): string {
  return `NOTE-${id}`;
}

/**
 * A text of a call as it is kept: what a reader would not see is left out, so that whoever reads the table is not told
 * what nobody wrote.
 * @throws ToolError `INVALID_ARGUMENT` when nothing is left
 */
export function readableText(argument: 'text' | 'idempotency_key', text: string): string {
  const plain = text.isWellFormed() ? plainRowText(text).trim() : '';
  if (plain !== '') return plain;
  throw invalidArgument(`${argument} has nothing that a person could read.`, 'Write it as plain text.');
}

/** Adds a note once per key, in one transaction with its line of the audit log. */
export function addNote(
  database: TenantDatabase,
  call: Call,
  note: { readonly customer: number; readonly text: string },
): Promise<Answered<Omit<AddedNote, 'replayed'>>> {
  return new RecordedChanges(database).make(call, (transaction) => insert(transaction, call, note));
}

async function insert(
  transaction: Transaction<CommerceSchema>,
  { principal }: Call,
  { customer, text }: { readonly customer: number; readonly text: string },
): Promise<Change<Omit<AddedNote, 'replayed'>>> {
  const found = await transaction.selectFrom('customers').select('id').where('id', '=', customer).executeTakeFirst();
  if (!found) throw customerNotFound();
  const { id, created_at } = await transaction
    .insertInto('customer_notes')
    .values({ customer_id: customer, text, author: principal })
    .returning(['id', 'created_at'])
    .executeTakeFirstOrThrow();
  return { customer, response: { note_id: formatNoteId(id), customer_id: formatCustomerId(customer), created_at } };
}
