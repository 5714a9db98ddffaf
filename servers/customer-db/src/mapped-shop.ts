import { type RawBuilder, sql } from 'kysely';

import { customerKeys, orderKeys } from './keys.ts';
import type { Mapping } from './mapped-tables.ts';
import type { Shop } from './shop.ts';

/** Every column that the tools read, with its expression in the shop's database. */
export function columnsOf(mapping: Mapping): Record<'customers' | 'orders' | 'order_items', Columns> {
  const { customers, orders, order_items, search } = mapping;
  const { name, email, company } = customers.columns;
  const forms = { name_n: search.norm(name), email_n: search.norm(email), company_n: search.norm(company) };
  return {
    customers: { from: customers.from, columns: { ...customers.columns, ...forms } },
    orders,
    order_items,
  };
}

interface Columns {
  readonly from: RawBuilder<unknown>;
  readonly columns: Readonly<Record<string, RawBuilder<unknown>>>;
}

/** A shop's own tables: every query begins with common table expressions that have the names the tools know. */
export function mappedShop(mapping: Mapping): Shop {
  const { customers, orders, order_items } = columnsOf(mapping);
  const { norm, deepest } = mapping.search;
  const normal = (text: string): RawBuilder<string> => sql`${norm(sql`${text}::text`)}`;
  const keys = customerKeys(mapping.customers.keys);
  return {
    customers: keys,
    orders: orderKeys(mapping.orders.keys),
    // Not materialized, a condition on them reaches the indexes of the tables behind them.
    reader: (db) =>
      db
        .with(
          (name) => name('customers').notMaterialized(),
          () => select(customers),
        )
        .with(
          (name) => name('orders').notMaterialized(),
          () => select(orders),
        )
        .with(
          (name) => name('order_items').notMaterialized(),
          () => select(order_items),
        ),
    norm: normal,
    containing: (text, known, limit) =>
      deepest === 'prefix' ? undefined : containing(normal(text), known.map(keys.parameter), limit),
    similar: (text) => (deepest === 'fuzzy' ? similar(normal(text)) : undefined),
  };
}

function select({ from, columns }: Columns): RawBuilder<Record<string, unknown>> {
  const selected = Object.entries(columns).map(([name, expression]) => sql`${expression} as ${sql.ref(name)}`);
  return sql`(select ${sql.join(selected)} from ${from})`;
}

/** The parts of a pattern that `like` would take for wildcards stand for themselves. */
function containing(
  text: RawBuilder<string>,
  known: readonly RawBuilder<unknown>[],
  limit: number,
): RawBuilder<unknown> {
  const pattern = sql`('%' || replace(replace(replace(${text}, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%')`;
  const others = known.length === 0 ? sql`true` : sql`id not in (${sql.join(known)})`;
  const parts = (['name_n', 'company_n', 'email_n'] as const).map((column) => {
    const tier = sql.lit(column === 'email_n' ? 5 : 4);
    return sql`(select id, ${tier}::real as tier from customers
      where ${sql.ref(column)} like ${pattern} and ${others} limit ${sql.lit(limit)})`;
  });
  return sql.join(parts, sql` union all `);
}

function similar(text: RawBuilder<string>): RawBuilder<unknown> {
  return sql`
    select id, (7 - greatest(word_similarity(${text}, name_n), word_similarity(${text}, coalesce(company_n, ''))))::real
    from customers where name_n %> ${text} or company_n %> ${text}`;
}
