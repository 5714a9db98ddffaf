import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { OrderStatus } from './order-status.ts';
import type { Stored, StoredKind } from './privacy.ts';

/** RFC 3339 in UTC with up to six digits of a second when read; may be given as such or as a `Date`. */
export type Timestamp = ColumnType<string, Date | string, Date | string>;
/** A {@link Timestamp} that defaults to now. */
export type DefaultedTimestamp = ColumnType<string, Date | string | undefined, Date | string>;

/**
 * Whose data a row is. There is one tenant, `main`, until an operator makes more. A `tenant_id` that is not given is that
 * of the transaction, from the setting `app.tenant_id`.
 */
export interface TenantTable {
  id: string;
}

/** A text that leaves the server through `Privacy` alone; written as a string. */
type Personal<Kind extends StoredKind> = ColumnType<Stored<Kind>, string, string>;
type MaybePersonal<Kind extends StoredKind> = ColumnType<Stored<Kind> | null, string | null | undefined, string | null>;

/** A customer. Columns ending in `_n` hold the form that searches compare: `norm()` of the column without it. */
export interface CustomerTable {
  id: Generated<number>;
  tenant_id: Generated<string>;
  name: Personal<'name'>;
  email: Personal<'email'>;
  company: MaybePersonal<'label'>;
  phone: MaybePersonal<'phone'>;
  segment: 'consumer' | 'small_business' | 'enterprise';
  status: Generated<'active' | 'inactive' | 'blocked'>;
  notes: MaybePersonal<'text'>;
  version: Generated<number>;
  created_at: DefaultedTimestamp;
  updated_at: DefaultedTimestamp;
  name_n: GeneratedAlways<string>;
  email_n: GeneratedAlways<string>;
  company_n: GeneratedAlways<string | null>;
}

/** What somebody wrote about a customer; rows are only ever added. */
export interface CustomerNoteTable {
  id: Generated<number>;
  tenant_id: Generated<string>;
  customer_id: number;
  text: Personal<'text'>;
  /** The principal who added it. */
  author: string;
  created_at: DefaultedTimestamp;
}

/** Something that is sold, at one price in one currency. */
export interface ProductTable {
  id: Generated<number>;
  tenant_id: Generated<string>;
  sku: string;
  name: string;
  price_minor: number;
  currency: string;
  active: Generated<boolean>;
}

/** An order. All its amounts are in minor units of its one currency. */
export interface OrderTable {
  id: Generated<number>;
  tenant_id: Generated<string>;
  customer_id: number;
  status: Generated<OrderStatus>;
  currency: string;
  subtotal_minor: number;
  tax_minor: number;
  total_minor: number;
  refunded_minor: Generated<number>;
  version: Generated<number>;
  placed_at: Timestamp;
  updated_at: DefaultedTimestamp;
  note: MaybePersonal<'text'>;
  tracking_number: string | null;
}

/** One line of an order, with the name and the price of the product as they were then. */
export interface OrderItemTable {
  tenant_id: Generated<string>;
  order_id: number;
  line_no: number;
  product_id: number;
  sku: string;
  name: string;
  unit_price_minor: number;
  quantity: number;
}

/** What happened to an order; rows are only ever added. */
export interface OrderEventTable {
  id: Generated<number>;
  tenant_id: Generated<string>;
  order_id: number;
  /** `null` when the order was placed. */
  from_status: OrderStatus | null;
  to_status: OrderStatus;
  actor: string;
  reason: MaybePersonal<'text'>;
  at: DefaultedTimestamp;
  /** What was given back to the customer by this event, in minor units of the order. */
  refunded_minor: Generated<number>;
}

/** A call that may come again: the same key of the same principal for the same tool is answered from here. */
export interface IdempotencyKeyTable {
  tenant_id: Generated<string>;
  principal: string;
  tool: string;
  key: string;
  request_hash: string;
  /** JSON as text when written, parsed when read; set by the transaction that made the row. */
  response: ColumnType<unknown, string | null, string>;
  created_at: DefaultedTimestamp;
}

/** A change that waits for its confirmation. */
export interface ConfirmationTable {
  token_hash: string;
  tenant_id: Generated<string>;
  principal: string;
  tool: string;
  request_hash: string;
  expires_at: Timestamp;
  /** `null` until the token is used. */
  used_at: Timestamp | null;
}

/** Who changed what, written in the transaction of the change. */
export interface AuditLogTable {
  id: Generated<number>;
  tenant_id: Generated<string>;
  at: DefaultedTimestamp;
  principal: string;
  client: string | null;
  tool: string;
  request_hash: string;
  /** What the change was about: this, or else the customer. */
  order_id: number | null;
  customer_id: number | null;
  duration_ms: number;
}

/** The tables, for `Kysely<CommerceSchema>`. */
export interface CommerceSchema {
  tenants: TenantTable;
  customers: CustomerTable;
  customer_notes: CustomerNoteTable;
  products: ProductTable;
  orders: OrderTable;
  order_items: OrderItemTable;
  order_events: OrderEventTable;
  idempotency_keys: IdempotencyKeyTable;
  confirmations: ConfirmationTable;
  audit_log: AuditLogTable;
}
