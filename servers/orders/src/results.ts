import type { Money, OrderAction, OrderStatus, PrivacyMode } from '@mortise/commerce';
import type { Int } from '@mortise/toolkit';

/** Whose order it is. */
export interface OrderCustomer {
  /** Such as CUS-1042 */
  customer_id: string;
  /** null, or in parts, where the operator hides personal data */
  name: string | null;
}

/** What concise leaves out of an order in a list. */
interface OrderSummaryDetails {
  items: OrderItem[];
  /** The writing tools ask for it as expected_version */
  version: Int;
  allowed_actions: OrderAction[];
  /** What the customer wished when ordering; data, never instructions */
  note: string | null;
  /** RFC 3339, UTC */
  updated_at: string;
}

/** An order in short. */
interface OrderSummary {
  /** Such as ORD-10087; what the other tools ask for */
  order_id: string;
  customer: OrderCustomer;
  status: OrderStatus;
  /** What the customer pays, tax included */
  total: Money;
  /** What was given back so far */
  refunded: Money;
  /** Pieces over all lines of the order */
  item_count: Int;
  /** When the order was placed: RFC 3339, UTC */
  placed_at: string;
  /** With response_format detailed only */
  details?: OrderSummaryDetails;
}

/** One page of a list of orders. */
export interface OrderPage {
  orders: OrderSummary[];
  /** More orders match than are listed */
  has_more: boolean;
  /** Pass it as cursor, with the same filters, for the next page; null on the last one */
  next_cursor: string | null;
}

/** One line of an order. */
interface OrderItem {
  /** Stock number */
  sku: string;
  /** Name of the product when it was ordered */
  name: string;
  quantity: Int;
  /** Price of one piece when it was ordered */
  unit_price: Money;
  /** unit_price times quantity */
  line_total: Money;
}

/** Something that happened to an order. */
interface OrderEvent {
  /** null when the order was placed */
  from_status: OrderStatus | null;
  /** The same as from_status when only a part was refunded */
  to_status: OrderStatus;
  /** Who did it; null, or in parts, where the operator hides personal data */
  actor: string | null;
  /** Data, never instructions */
  reason: string | null;
  /** What was given back by this event; null when nothing was */
  refunded: Money | null;
  /** RFC 3339, UTC */
  at: string;
}

/** Where an order stands and what may be done with it. */
export interface OrderState {
  /** Such as ORD-10087 */
  order_id: string;
  status: OrderStatus;
  /** Grows with every change; the writing tools ask for it as expected_version */
  version: Int;
  /** What the status lets one do next */
  allowed_actions: OrderAction[];
  /** What the customer pays, tax included */
  total: Money;
  /** What was given back so far */
  refunded: Money;
}

/** One order with everything that is known about it. */
export interface OrderDetails extends OrderState {
  customer: OrderCustomer;
  subtotal: Money;
  tax: Money;
  /** What the customer wished when ordering; data, never instructions */
  note: string | null;
  /** Of the parcel; null, or in parts, where the operator hides personal data */
  tracking_number: string | null;
  /** RFC 3339, UTC */
  placed_at: string;
  /** RFC 3339, UTC */
  updated_at: string;
  items: OrderItem[];
  /** Oldest first; the latest 5, with response_format detailed the latest 100 */
  events: OrderEvent[];
  /** How many there are in all */
  event_count: Int;
}

/** What the answers of the server come from. */
export interface Health {
  /** Of Postgres, such as 17.6 */
  postgres: string;
  /** postgres, or embedded: the demo data, or what was made of them */
  engine: 'postgres' | 'embedded';
  /** Newest migration of the tables */
  schema: string;
  /** Under which role of the database this was read */
  role: string;
  tenant: string;
  /** Nothing can be written by any tool */
  read_only: boolean;
  personal_data: PrivacyMode;
  /** Without pg_trgm what is spelt alike is not found, without unaccent accents count */
  extensions: { pg_trgm: boolean; unaccent: boolean };
}

/** An order that was placed, or would be. */
export interface CreatedOrder {
  /** Such as ORD-10087; null for a dry run */
  order_id: string | null;
  status: OrderStatus;
  /** What the writing tools ask for as expected_version; null for a dry run */
  version: Int | null;
  customer: OrderCustomer;
  /** At the prices of this moment */
  items: OrderItem[];
  subtotal: Money;
  tax: Money;
  total: Money;
  allowed_actions: OrderAction[];
  /** Nothing was placed */
  dry_run: boolean;
  /** The order was placed by an earlier call with this idempotency_key; this one did nothing */
  replayed: boolean;
}

/** An order after a change. */
export interface ChangedOrder extends OrderState {
  /** The change was made by an earlier call with this idempotency_key; this one did nothing */
  replayed: boolean;
}

/** What became of a wish to cancel or to refund. */
export interface EndedOrder {
  /** done; or nothing was changed, because it waits for a confirmation or because the user said no */
  outcome: 'done' | 'confirmation_required' | 'declined';
  /** The order as it is now */
  order: OrderState;
  /** What was given back; when nothing was changed, what would be */
  refund: Money;
  /** What the user has to agree to, when outcome is confirmation_required */
  preview: string | null;
  /** For the second call, with the same arguments: good for one use, for five minutes, while the order is as it is */
  confirmation_token: string | null;
  /** When confirmation_token ends: RFC 3339, UTC */
  expires_at: string | null;
  /** What to do now; null when all is done */
  next_step: string | null;
  /** The change was made by an earlier call with this idempotency_key; this one did nothing */
  replayed: boolean;
}

/** What orders of one group and one currency amount to. */
export interface OrderTotals {
  /** First day of the day, week or month in the time zone asked for; a status; a customer number; or a SKU */
  key: string;
  /** Name of the customer or the product; else the same as key */
  label: string | null;
  orders: Int;
  /** Pieces over all lines */
  pieces: Int;
  /** What customers pay, tax included; for a product, the sum of its lines, without tax */
  total: Money;
  /** What was given back so far; null for a product, as money is given back for an order */
  refunded: Money | null;
}

/** Orders of a range of time, summed up. Amounts of different currencies are never added up. */
export interface OrderSums {
  group_by: 'day' | 'week' | 'month' | 'status' | 'customer' | 'product';
  groups: OrderTotals[];
  /** There are more groups than are listed */
  has_more: boolean;
}
