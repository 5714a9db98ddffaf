import type { CommerceSchema, OrderStatus, Stored } from '@mortise/commerce';
import { type RawBuilder, sql } from 'kysely';
import type { ReadonlyKysely, ReadonlyQueryCreator } from 'kysely/readonly';

import { CONTAINING, partOf, type Search } from './customer-search.ts';
import { customerKeys, type Key, type Keys, orderKeys } from './keys.ts';

/** The tables and columns that the tools read, and nothing else of a database. */
export interface ShopTables {
  customers: {
    id: Key;
    name: Stored<'name'> | null;
    email: Stored<'email'> | null;
    company: Stored<'label'> | null;
    phone: Stored<'phone'> | null;
    notes: Stored<'text'> | null;
    segment: 'consumer' | 'small_business' | 'enterprise' | null;
    status: 'active' | 'inactive' | 'blocked';
    created_at: string;
    /** These three are the forms that searches compare: `norm` of the column without `_n`. */
    name_n: string | null;
    email_n: string | null;
    company_n: string | null;
  };
  orders: {
    id: Key;
    customer_id: Key;
    status: OrderStatus;
    total_minor: number;
    currency: string;
    placed_at: string;
  };
  order_items: {
    order_id: Key;
    quantity: number;
  };
  /** What add_customer_note wrote; only in tables of our own. */
  customer_notes: {
    id: number;
    customer_id: Key;
    text: Stored<'text'>;
    created_at: string;
  };
}

/** Reads the {@link ShopTables}; raw SQL within its queries finds them by the same names. */
export type ShopReader = ReadonlyQueryCreator<ShopTables>;

/** Where the {@link ShopTables} are, and how customers are found in them. */
export interface Shop {
  readonly customers: Keys;
  readonly orders: Keys;
  /** The tables, through a transaction of the database that they are in. */
  reader(db: ReadonlyKysely<CommerceSchema>): ShopReader;
  /** The form of a text that the columns ending in `_n` hold. */
  norm(text: string): RawBuilder<string>;
  /**
   * Selects `(id, part, place)` of customers that have a text inside and do not begin with it: 6 in the name, 7 in the
   * company, 8 in the email, each customer in the first part that it fits. `undefined` where it is not looked for.
   */
  containing(search: Search): RawBuilder<unknown> | undefined;
  /** Selects `(id, part, place)` of customers whose name or company is spelt like a text; the place orders them. */
  similar(search: Search): RawBuilder<unknown> | undefined;
}

/** The tables that `customer-db migrate` makes. */
export const ownShop: Shop = {
  customers: customerKeys('number'),
  orders: orderKeys('number'),
  // These tables have all that is asked for, under the same names.
  reader: (db) => db,
  norm: (text) => sql`norm(${text})`,
  // These two are done by the database's own functions, since no policy lets such a condition read an index.
  containing: ({ text, mode, has_open_orders: active, after, most }) => {
    const [part, , id] = partOf(after) < CONTAINING ? [CONTAINING, '', 0] : (after ?? []);
    return sql`
      select * from customers_containing(${text}, ${mode === 'full'}, ${part}, ${id}, ${active ?? null}, ${most})`;
  },
  similar: ({ text, has_open_orders: active, after, most }) => {
    const [, place = '', id = 0] = after ?? [];
    return sql`select * from customers_similar(${text}, ${place}, ${id}, ${active ?? null}, ${most})`;
  },
};
