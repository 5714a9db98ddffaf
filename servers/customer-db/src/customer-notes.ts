import { callOf, type TenantDatabase } from '@mortise/commerce';
import { type Auth, type Context, type MaxLength, type MinLength, tool } from '@mortise/toolkit';

import { addNote, readableText } from './add-note.ts';
import { customerNumbers } from './keys.ts';
import { customerKey } from './problems.ts';
import type { AddedNote } from './results.ts';

/** Notes about customers, for writing; offered where the operator says so. */
export class CustomerNotes {
  readonly #databaseOf: (caller: Auth | undefined) => TenantDatabase;

  /** @param databaseOf - The database as a caller may see it */
  constructor(databaseOf: (caller: Auth | undefined) => TenantDatabase) {
    this.#databaseOf = databaseOf;
  }

  /**
   * Add a note to a customer, for colleagues to read. It cannot be changed or taken back: write only what the user asked
   * to be noted.
   * @param customer_id - Such as CUS-1042
   * @param text - The note, as plain text
   * @param idempotency_key - A text of your own for this note; the same one to repeat the call after a lost answer
   */
  @tool({
    title: 'Add a note',
    readOnly: false,
    destructive: false,
    idempotent: false,
    openWorld: false,
    scopes: ['customers:write'],
  })
  async add_customer_note(
    context: Context,
    customer_id: string & MinLength<1> & MaxLength<32>,
    text: string & MinLength<1> & MaxLength<2000>,
    idempotency_key?: string & MinLength<8> & MaxLength<255>,
  ): Promise<AddedNote> {
    const note = { customer: customerKey(customer_id, customerNumbers), text: readableText('text', text) };
    const key = idempotency_key === undefined ? undefined : readableText('idempotency_key', idempotency_key);
    context.signal.throwIfAborted();
    return addNote(this.#databaseOf(context.auth), callOf(context, 'add_customer_note', note, key), note);
  }
}
