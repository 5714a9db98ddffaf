import type { Insertable } from 'kysely';
import { canFollow, type OrderStatus } from '../order-status.ts';
import type { OrderEventTable, OrderItemTable, OrderTable } from '../schema.ts';

/** A product that is in the database. */
export interface StockedProduct {
  readonly id: number;
  readonly sku: string;
  readonly name: string;
  readonly price_minor: number;
}

/** What was ordered and what became of it. */
export interface OrderPlan {
  readonly id: number;
  readonly customer: number;
  readonly currency: string;
  readonly placed: Date;
  readonly lines: readonly { readonly product: StockedProduct; readonly quantity: number }[];
  /** The statuses after `pending`, each with the hours since the one before. */
  readonly life: readonly { readonly status: OrderStatus; readonly hours: number }[];
}

/** The rows that make up one order. */
export interface OrderRows {
  readonly order: Insertable<OrderTable>;
  readonly items: readonly Insertable<OrderItemTable>[];
  readonly events: readonly Insertable<OrderEventTable>[];
}

const TAX_PERCENT = 8;

const actors: Readonly<Record<OrderStatus, string>> = {
  pending: 'customer',
  paid: 'payments',
  shipped: 'warehouse',
  delivered: 'carrier',
  returned: 'customer',
  cancelled: 'customer',
  refunded: 'support',
};

/** Turns a plan into rows whose sums, states and times agree with each other. */
export function orderRows(plan: OrderPlan): OrderRows {
  const items = plan.lines.map(({ product, quantity }, index) => ({
    order_id: plan.id,
    line_no: index + 1,
    product_id: product.id,
    sku: product.sku,
    name: product.name,
    unit_price_minor: product.price_minor,
    quantity,
  }));
  const subtotal = items.reduce((sum, item) => sum + item.unit_price_minor * item.quantity, 0);
  const tax = Math.round((subtotal * TAX_PERCENT) / 100);

  let at = plan.placed;
  let status: OrderStatus = 'pending';
  const events: Insertable<OrderEventTable>[] = [
    {
      order_id: plan.id,
      from_status: null,
      to_status: status,
      actor: actors.pending,
      reason: null,
      at,
      refunded_minor: 0,
    },
  ];
  let refunded = 0;
  for (const step of plan.life) {
    if (!canFollow(status, step.status)) throw new Error(`No order goes from ${status} to ${step.status}.`);
    at = new Date(at.getTime() + step.hours * 3_600_000);
    const givesBack = step.status === 'refunded' || (step.status === 'cancelled' && status === 'paid');
    if (givesBack) refunded = subtotal + tax;
    events.push({
      order_id: plan.id,
      from_status: status,
      to_status: step.status,
      actor: actors[step.status],
      reason: null,
      at,
      refunded_minor: givesBack ? refunded : 0,
    });
    status = step.status;
  }

  const order = {
    id: plan.id,
    customer_id: plan.customer,
    status,
    currency: plan.currency,
    subtotal_minor: subtotal,
    tax_minor: tax,
    total_minor: subtotal + tax,
    refunded_minor: refunded,
    version: events.length,
    placed_at: plan.placed,
    updated_at: at,
  };
  return { order, items, events };
}
