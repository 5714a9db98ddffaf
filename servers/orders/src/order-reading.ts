import { type OrderStatus, timeZone } from '@mortise/commerce';
import {
  type Auth,
  type Context,
  type Int,
  type Max,
  type MaxLength,
  type Min,
  type MinItems,
  type MinLength,
  type Pattern,
  prompt,
  resource,
  tool,
  type UniqueItems,
} from '@mortise/toolkit';

import type { Orders } from './orders.ts';
import { customerKey, invalidArgument, orderKey, orderNotFound, plainText } from './problems.ts';
import { openOrdersReview, orderInvestigation } from './prompt-texts.ts';
import type { OrderDetails, OrderPage, OrderSums } from './results.ts';
import { stateMachine, type StateMachine } from './state-machine.ts';

/** Suggestions for an order number. */
const SUGGESTIONS = 20;

/** Orders, for reading. */
export class OrderReading {
  readonly #ordersOf: (caller: Auth | undefined) => Orders;

  /** @param ordersOf - The orders that a caller may see */
  constructor(ordersOf: (caller: Auth | undefined) => Orders) {
    this.#ordersOf = ordersOf;
  }

  /**
   * List orders by the time they were placed. Every filter is optional; together they narrow the list.
   * @param query - An order number, a customer number, a stock number (SKU), an email address, or the beginning of a
   *   customer's name or company
   * @param customer_id - Only orders of this customer, such as CUS-1042
   * @param status - Only orders with one of these statuses
   * @param placed_after - Only orders placed at or after this: a date such as 2026-10-01, which is midnight in timezone,
   *   or an instant such as 2026-10-01T09:30:00Z
   * @param placed_before - Only orders placed before this, in the same forms; for all of October pass 2026-10-01 and
   *   2026-11-01
   * @param timezone - IANA name of the time zone in which dates are meant
   * @param currency - Only orders in this currency, such as USD
   * @param min_total_minor - Smallest total in minor units of currency, which has to be given
   * @param max_total_minor - Largest total in minor units of currency, which has to be given
   * @param sort - By the time the orders were placed
   * @param limit - Maximum number of orders on the page
   * @param cursor - next_cursor of the page before, with the same filters
   */
  @tool({ title: 'Search orders', readOnly: true, idempotent: true, openWorld: false, scopes: ['orders:read'] })
  async search_orders(
    context: Context,
    query?: string & MinLength<1> & MaxLength<200>,
    customer_id?: string & MinLength<1> & MaxLength<32>,
    status?: OrderStatus[] & MinItems<1> & UniqueItems,
    placed_after?: string & MaxLength<40>,
    placed_before?: string & MaxLength<40>,
    timezone: string & MaxLength<64> = 'UTC',
    currency?: string & Pattern<'^[A-Z]{3}$'>,
    min_total_minor?: Int & Min<0>,
    max_total_minor?: Int & Min<0>,
    sort: 'newest' | 'oldest' = 'newest',
    limit: Int & Min<1> & Max<50> = 20,
    cursor?: string & MaxLength<1000>,
  ): Promise<OrderPage> {
    if ((min_total_minor ?? max_total_minor) !== undefined && currency === undefined) {
      throw invalidArgument('A total without a currency says nothing.', 'Pass currency, such as USD, as well.');
    }
    const filter = {
      query: query === undefined ? undefined : plainText('query', query.replaceAll(/\s+/g, ' ')),
      customer: customer_id === undefined ? undefined : customerKey(customer_id),
      status: status?.toSorted(),
      placed_after,
      placed_before,
      timezone: timeZone(timezone),
      currency,
      min_total_minor,
      max_total_minor,
      sort,
    };
    return this.#ordersOf(context.auth).search(filter, limit, cursor, context.signal);
  }

  /**
   * Get one order: lines, amounts, what happened to it, its version and what may be done with it next.
   * @param order_id - Such as ORD-10087
   */
  @tool({ title: 'Get an order', readOnly: true, idempotent: true, openWorld: false, scopes: ['orders:read'] })
  async get_order(context: Context, order_id: string & MinLength<1> & MaxLength<32>): Promise<OrderDetails> {
    const order = await this.#ordersOf(context.auth).find(orderKey(order_id), context.signal);
    if (order) return order;
    throw orderNotFound();
  }

  /**
   * Sum up the orders of a range of time: how many, how many pieces, how much money, each currency by itself.
   * @param group_by - One line for each of these and each currency
   * @param placed_after - Orders placed at or after this: a date such as 2026-10-01, which is midnight in timezone, or an
   *   instant such as 2026-10-01T09:30:00Z
   * @param placed_before - Orders placed before this, in the same forms; for all of October pass 2026-10-01 and
   *   2026-11-01
   * @param timezone - IANA name of the time zone in which dates are meant, and days, weeks (from Monday) and months begin
   * @param top - How many lines: the latest days, weeks or months; otherwise those with the most orders
   */
  @tool({ title: 'Sum up orders', readOnly: true, idempotent: true, openWorld: false, scopes: ['orders:read'] })
  async summarize_orders(
    context: Context,
    group_by: 'day' | 'week' | 'month' | 'status' | 'customer' | 'product',
    placed_after: string & MaxLength<40>,
    placed_before: string & MaxLength<40>,
    timezone: string & MaxLength<64> = 'UTC',
    top: Int & Min<1> & Max<50> = 20,
  ): Promise<OrderSums> {
    const request = { group_by, placed_after, placed_before, timezone: timeZone(timezone) };
    return this.#ordersOf(context.auth).summarize(request, top, context.signal);
  }

  /**
   * One order with its lines and events.
   * @param order_id - Such as ORD-10087
   */
  @resource('order://{order_id}', { title: 'Order', scopes: ['orders:read'], complete: { order_id: completeOrder } })
  async order(order_id: string, context: Context): Promise<OrderDetails> {
    return this.get_order(context, order_id);
  }

  /** The statuses of an order, which may follow which, and by what action: a table and a Mermaid diagram. */
  @resource('orders://state-machine', { title: 'Life of an order', public: true })
  state_machine(): StateMachine {
    return stateMachine();
  }

  /**
   * Find out what happened to an order.
   * @param order_id - Such as ORD-10087
   */
  @prompt({ title: 'Investigate an order', scopes: ['orders:read'], complete: { order_id: completeOrder } })
  order_investigation(order_id: string): string {
    return orderInvestigation(`ORD-${orderKey(order_id)}`);
  }

  /**
   * Go through the orders that somebody still has to act on.
   * @param status - Waiting for payment, for shipping, or for arrival
   * @param older_than_days - Only orders placed more than this many days ago
   */
  @prompt({ title: 'Review open orders', public: true })
  open_orders_review(
    status: 'pending' | 'paid' | 'shipped' = 'pending',
    older_than_days: Int & Min<0> & Max<3650> = 7,
  ): string {
    const before = new Date(Date.now() - older_than_days * 86_400_000);
    return openOrdersReview(status, `${before.toISOString().slice(0, 19)}Z`);
  }

  /** Order numbers for the beginning of a number. */
  async suggestOrders(typed: string, context: Context): Promise<readonly string[]> {
    const [, digits] = /^(?:ord-)?([1-9]\d{0,14}|)$/i.exec(typed.trim()) ?? [];
    return digits === undefined ? [] : this.#ordersOf(context.auth).idsBeginning(digits, SUGGESTIONS, context.signal);
  }
}

function completeOrder(this: OrderReading, typed: string, context: Context): Promise<readonly string[]> {
  return this.suggestOrders(typed, context);
}
