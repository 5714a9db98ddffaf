import { callOf, RecordedChanges, type TenantDatabase } from '@mortise/commerce';
import {
  type Auth,
  type Context,
  type Int,
  type Max,
  type MaxItems,
  type MaxLength,
  type Min,
  type MinItems,
  type MinLength,
  type Pattern,
  tool,
} from '@mortise/toolkit';

import { advanceOrder } from './advance-order.ts';
import { placeOrder, previewOrder, refuseDuplicate } from './create-order.ts';
import { customerKey, invalidArgument, orderKey, plainText } from './problems.ts';
import type { Terms } from './quote.ts';
import type { ChangedOrder, CreatedOrder } from './results.ts';

/** A text of your own that names this one change. Send the same again to repeat the call after a lost answer. */
type IdempotencyKey = string & MinLength<8> & MaxLength<255>;

/** One line of a new order. */
interface NewItem {
  /** Stock number with its currency, such as MUG-810-EUR */
  sku: string & MinLength<1> & MaxLength<100>;
  quantity: Int & Min<1> & Max<9999>;
}

/** Changes of orders that do not give money back. */
export class OrderWriting {
  readonly #databaseOf: (caller: Auth | undefined) => TenantDatabase;
  readonly #terms: Terms;

  constructor(databaseOf: (caller: Auth | undefined) => TenantDatabase, terms: Terms) {
    this.#databaseOf = databaseOf;
    this.#terms = terms;
  }

  /**
   * Place an order. Prices come from the products; the order begins as pending. A repeated call with the same
   * idempotency_key places nothing and returns the same order.
   * @param customer_id - Such as CUS-1042
   * @param items - What is ordered: each sku once; all in one currency
   * @param idempotency_key - A new text for each order that the user wants; the same one to repeat a call
   * @param currency - Refuse the order if the products are sold in another currency than this one, such as USD
   * @param note - A wish of the customer
   * @param dry_run - Only price the order and check it; place nothing
   * @param allow_duplicate - Place it even if the same order was placed less than two minutes ago
   */
  @tool({
    title: 'Place an order',
    readOnly: false,
    destructive: false,
    idempotent: true,
    openWorld: false,
    scopes: ['orders:write'],
  })
  async create_order(
    context: Context,
    customer_id: string & MinLength<1> & MaxLength<32>,
    items: NewItem[] & MinItems<1> & MaxItems<100>,
    idempotency_key: IdempotencyKey,
    currency?: string & Pattern<'^[A-Z]{3}$'>,
    note?: string & MinLength<1> & MaxLength<1000>,
    dry_run: boolean = false,
    allow_duplicate: boolean = false,
  ): Promise<CreatedOrder> {
    const database = this.#databaseOf(context.auth);
    const request = {
      customer: customerKey(customer_id),
      items: items.map(({ sku, quantity }) => ({ sku: plainText('sku', sku), quantity })),
      currency,
      note: note === undefined ? undefined : plainText('note', note),
    };
    if (dry_run) {
      const preview = await previewOrder(database, request, this.#terms);
      return { ...preview, dry_run: true, replayed: false };
    }
    const bySku = request.items.toSorted((one, other) => (one.sku < other.sku ? -1 : 1));
    const call = callOf(
      context,
      'create_order',
      { ...request, items: bySku },
      plainText('idempotency_key', idempotency_key),
    );
    context.signal.throwIfAborted();
    const created = await new RecordedChanges(database).make(call, async (transaction) => {
      if (!allow_duplicate) await refuseDuplicate(transaction, call);
      return placeOrder(transaction, request, this.#terms, call);
    });
    return { ...created, dry_run: false };
  }

  /**
   * Take an order one step further: pay, ship, deliver or return it. The order has to be as you read it.
   * @param order_id - Such as ORD-10087
   * @param action - One of the order's allowed_actions
   * @param expected_version - The version that get_order returned
   * @param tracking_number - Of the parcel, when action is ship
   * @param reason - Why, for the history of the order
   * @param idempotency_key - A text of your own for this change; the same one to repeat a call after a lost answer
   */
  @tool({
    title: 'Advance an order',
    readOnly: false,
    destructive: false,
    idempotent: true,
    openWorld: false,
    scopes: ['orders:write'],
  })
  async advance_order(
    context: Context,
    order_id: string & MinLength<1> & MaxLength<32>,
    action: 'pay' | 'ship' | 'deliver' | 'return',
    expected_version: Int & Min<1>,
    tracking_number?: string & MinLength<1> & MaxLength<100>,
    reason?: string & MinLength<1> & MaxLength<500>,
    idempotency_key?: IdempotencyKey,
  ): Promise<ChangedOrder> {
    if (tracking_number !== undefined && action !== 'ship') {
      throw invalidArgument('A tracking_number belongs to the action ship.', 'Leave tracking_number out.');
    }
    const advance = {
      order: orderKey(order_id),
      action,
      version: expected_version,
      tracking: tracking_number === undefined ? undefined : plainText('tracking_number', tracking_number),
      reason: reason === undefined ? undefined : plainText('reason', reason),
    };
    const key = idempotency_key === undefined ? undefined : plainText('idempotency_key', idempotency_key);
    const call = callOf(context, 'advance_order', advance, key);
    context.signal.throwIfAborted();
    const database = this.#databaseOf(context.auth);
    return new RecordedChanges(database).make(call, (transaction) => advanceOrder(transaction, advance, call));
  }
}
