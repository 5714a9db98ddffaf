import {
  allowedActions,
  type Call,
  type Change,
  type CommerceSchema,
  formatOrderId,
  money,
  type TenantDatabase,
} from '@mortise/commerce';
import { ToolError } from '@mortise/toolkit';
import { sql, type Transaction } from 'kysely';

import { quote, type Quote, type QuoteRequest, type Terms } from './quote.ts';
import type { CreatedOrder } from './results.ts';

/** What an order is made of. */
export interface OrderRequest extends QuoteRequest {
  readonly note: string | undefined;
}

/** The answer to an order that was placed, without whether it was placed now or before. */
export type Created = Omit<CreatedOrder, 'replayed' | 'dry_run'>;

/** What an order would be, without placing it. */
export async function previewOrder(database: TenantDatabase, request: OrderRequest, terms: Terms): Promise<Created> {
  const offer = await database.read((db) => quote(db, request, terms));
  return { order_id: null, version: null, ...shown(offer) };
}

/** Places an order: the row, its lines and its first event. */
export async function placeOrder(
  transaction: Transaction<CommerceSchema>,
  request: OrderRequest,
  terms: Terms,
  call: Call,
): Promise<Change<Created>> {
  const offer = await quote(transaction, request, terms);
  const order = await transaction
    .insertInto('orders')
    .values({
      customer_id: request.customer,
      currency: offer.currency,
      subtotal_minor: offer.subtotal,
      tax_minor: offer.tax,
      total_minor: offer.total,
      placed_at: sql<string>`now()`,
      note: request.note ?? null,
    })
    .returning(['id', 'version'])
    .executeTakeFirstOrThrow();
  await transaction
    .insertInto('order_items')
    .values(offer.lines.map((line, index) => ({ order_id: order.id, line_no: index + 1, ...line })))
    .execute();
  await transaction
    .insertInto('order_events')
    .values({ order_id: order.id, from_status: null, to_status: 'pending', actor: call.principal, reason: null })
    .execute();
  return {
    order: order.id,
    response: { order_id: formatOrderId(order.id), version: order.version, ...shown(offer) },
  };
}

/**
 * Refuses what the same caller placed a moment ago under another key: an agent that forgot its key repeats itself. Two
 * such calls at once wait for each other.
 */
export async function refuseDuplicate(transaction: Transaction<CommerceSchema>, call: Call): Promise<void> {
  const { principal, tool, key = '', requestHash } = call;
  await sql`select pg_advisory_xact_lock(hashtextextended(${JSON.stringify([principal, tool, requestHash])}, 0))`.execute(
    transaction,
  );
  const earlier = await transaction
    .selectFrom('idempotency_keys')
    .select(sql<string | null>`response ->> 'order_id'`.as('order_id'))
    .where((row) => row.and({ principal, tool, request_hash: requestHash }))
    .where('key', '<>', key)
    .where('created_at', '>', sql<string>`now() - interval '2 minutes'`)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!earlier) return;
  const order_id = earlier.order_id ?? '';
  throw new ToolError(`You placed the same order less than two minutes ago: ${order_id}.`, {
    code: 'POSSIBLE_DUPLICATE',
    hint: `Ask the user; to place a second one pass allow_duplicate true, else go on with ${order_id}.`,
    details: { order_id },
  });
}

function shown(offer: Quote): Omit<Created, 'order_id' | 'version'> {
  const { currency } = offer;
  return {
    status: 'pending',
    customer: offer.customer,
    items: offer.lines.map(({ sku, name, quantity, unit_price_minor }) => ({
      sku,
      name,
      quantity,
      unit_price: money(unit_price_minor, currency),
      line_total: money(unit_price_minor * quantity, currency),
    })),
    subtotal: money(offer.subtotal, currency),
    tax: money(offer.tax, currency),
    total: money(offer.total, currency),
    allowed_actions: allowedActions('pending'),
  };
}
