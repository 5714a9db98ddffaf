import { type Answered, type Call, callOf, money, RecordedChanges, type TenantDatabase } from '@mortise/commerce';
import { type Auth, type Context, type Int, type MaxLength, type Min, type MinLength, tool } from '@mortise/toolkit';

import { type ConfirmationMode, Confirmations, useToken } from './confirmation.ts';
import { applyEffect, type Effect, effectOf, type Ended, type Ending, lockedEffectOf } from './give-back.ts';
import { orderKey, plainText, versionConflict } from './problems.ts';
import { orderState } from './read-order.ts';
import type { EndedOrder, OrderState } from './results.ts';

/** Changes of orders that give money back or cannot be undone; each is confirmed first. */
export class OrderEnding {
  readonly #databaseOf: (caller: Auth | undefined) => TenantDatabase;
  readonly #mode: ConfirmationMode;

  constructor(databaseOf: (caller: Auth | undefined) => TenantDatabase, mode: ConfirmationMode) {
    this.#databaseOf = databaseOf;
    this.#mode = mode;
  }

  /**
   * Cancel an order that is not shipped yet; what was paid is given back. The user is asked first: through the client,
   * or, where it cannot ask, you get a preview and a confirmation_token and have to ask the user yourself.
   * @param order_id - Such as ORD-10087
   * @param expected_version - The version that get_order returned
   * @param reason - Why, for the history of the order
   * @param idempotency_key - A text of your own for this change; the same one to repeat a call after a lost answer
   * @param confirmation_token - From the first call, once the user has agreed to its preview
   */
  @tool({
    title: 'Cancel an order',
    readOnly: false,
    destructive: true,
    idempotent: true,
    openWorld: false,
    asks: true,
    scopes: ['orders:refund'],
  })
  async cancel_order(
    context: Context,
    order_id: string & MinLength<1> & MaxLength<32>,
    expected_version: Int & Min<1>,
    reason: string & MinLength<1> & MaxLength<500>,
    idempotency_key?: string & MinLength<8> & MaxLength<255>,
    confirmation_token?: string & MaxLength<100>,
  ): Promise<EndedOrder> {
    const ending: Ending = {
      action: 'cancel',
      order: orderKey(order_id),
      version: expected_version,
      reason: plainText('reason', reason),
    };
    return this.#end(context, ending, idempotency_key, confirmation_token);
  }

  /**
   * Give money back for an order that is paid, delivered or returned; the refund of all that is left ends the order. The
   * user is asked first: through the client, or, where it cannot ask, you get a preview and a confirmation_token and
   * have to ask the user yourself.
   * @param order_id - Such as ORD-10087
   * @param reason - Why, for the history of the order
   * @param idempotency_key - A new text for each refund that the user wants; the same one to repeat a call
   * @param amount_minor - In minor units of the order's currency; without it, all that is left
   * @param confirmation_token - From the first call, once the user has agreed to its preview
   */
  @tool({
    title: 'Refund an order',
    readOnly: false,
    destructive: true,
    idempotent: true,
    openWorld: false,
    asks: true,
    scopes: ['orders:refund'],
  })
  async refund_order(
    context: Context,
    order_id: string & MinLength<1> & MaxLength<32>,
    reason: string & MinLength<1> & MaxLength<500>,
    idempotency_key: string & MinLength<8> & MaxLength<255>,
    amount_minor?: Int & Min<1>,
    confirmation_token?: string & MaxLength<100>,
  ): Promise<EndedOrder> {
    const ending: Ending = {
      action: 'refund',
      order: orderKey(order_id),
      amount: amount_minor,
      reason: plainText('reason', reason),
    };
    return this.#end(context, ending, idempotency_key, confirmation_token);
  }

  async #end(context: Context, ending: Ending, key?: string, token?: string): Promise<EndedOrder> {
    const name = `${ending.action}_order`;
    const call = callOf(context, name, ending, key === undefined ? undefined : plainText('idempotency_key', key));
    const database = this.#databaseOf(context.auth);
    const changes = new RecordedChanges(database);
    // A repeated call is answered, not asked about again.
    const earlier = await changes.earlier<Ended>(call);
    if (earlier) return done(earlier);
    if (token !== undefined) {
      return make(changes, context, ending, call, (transaction, effect) =>
        useToken(transaction, call, token, subjectOf(ending, effect)),
      );
    }

    // Read once, before the question: what the user is shown is what may be done.
    const preview = await context.step('preview', () => database.read((db) => effectOf(db, ending)));
    const confirmation = await new Confirmations(database, this.#mode).ask(
      context,
      call,
      question(ending, preview),
      subjectOf(ending, preview),
    );
    const order = orderState(preview.row);
    const refund = money(preview.refund, preview.row.currency);
    switch (confirmation.outcome) {
      case 'declined':
        return { ...unchanged(order, refund), next_step: 'The user said no. Nothing was changed; do not ask again.' };
      case 'token':
        return {
          ...unchanged(order, refund),
          outcome: 'confirmation_required',
          preview: question(ending, preview),
          confirmation_token: confirmation.token,
          expires_at: confirmation.expires_at,
          next_step:
            'Nothing was changed. Show preview to the user; if they agree, repeat the call with confirmation_token.',
        };
      case 'confirmed':
        return make(changes, context, ending, call, (_, effect) => {
          const { version } = preview.row;
          if (effect.row.version !== version) throw versionConflict(effect.row, version);
        });
    }
  }
}

async function make(
  changes: RecordedChanges,
  context: Context,
  ending: Ending,
  call: Call,
  check: (transaction: Parameters<typeof useToken>[0], effect: Effect) => void | Promise<void>,
): Promise<EndedOrder> {
  context.signal.throwIfAborted();
  return done(
    await changes.make<Ended>(call, async (transaction) => {
      const effect = await lockedEffectOf(transaction, ending);
      await check(transaction, effect);
      return applyEffect(transaction, effect, ending.reason, call);
    }),
  );
}

/** What a confirmation is about: the call, the order as the user saw it, and the amount. */
function subjectOf(ending: Ending, { row, refund }: Effect): unknown {
  return [ending, row.version, refund];
}

function question({ action, reason }: Ending, { row, refund, to }: Effect): string {
  const { order_id, total } = orderState(row);
  const amount = money(refund, row.currency).formatted;
  const what =
    action === 'cancel'
      ? `Cancel ${order_id}? It is ${row.status}; ${refund === 0 ? 'nothing was paid' : `${amount} will be given back`}.`
      : `Refund ${amount} of ${order_id} (total ${total.formatted})? The order will be ${to}.`;
  return `${what} Reason given: ${JSON.stringify(reason)}. This cannot be undone.`;
}

function done({ order, refund_minor, replayed }: Answered<Ended>): EndedOrder {
  return {
    outcome: 'done',
    order,
    refund: money(refund_minor, order.total.currency),
    preview: null,
    confirmation_token: null,
    expires_at: null,
    next_step: null,
    replayed,
  };
}

function unchanged(order: OrderState, refund: EndedOrder['refund']): EndedOrder {
  return {
    outcome: 'declined',
    order,
    refund,
    preview: null,
    confirmation_token: null,
    expires_at: null,
    next_step: null,
    replayed: false,
  };
}
