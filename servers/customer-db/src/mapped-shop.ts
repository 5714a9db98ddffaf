import { type RawBuilder, sql } from 'kysely';

import { FUZZY, partOf, type Search } from './customer-search.ts';
import { customerKeys, type Keys, orderKeys } from './keys.ts';
import type { Mapping } from './mapped-tables.ts';
import { hasOpenOrders } from './open-orders.ts';
import type { Shop, ShopTables } from './shop.ts';

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
        )
        .with('customer_notes', () => noNotes(keys)),
    norm: normal,
    containing: (search) => (deepest === 'prefix' ? undefined : containing(normal(search.text), search)),
    similar: (search) => (deepest === 'fuzzy' ? similar(normal(search.text), search) : undefined),
  };
}

/** Nobody writes notes into tables of somebody else. */
function noNotes(keys: Keys): RawBuilder<ShopTables['customer_notes']> {
  return sql`(select 0 as id, ${keys.parameter(null)} as customer_id, '' as text, now() as created_at where false)`;
}

function select({ from, columns }: Columns): RawBuilder<Record<string, unknown>> {
  const selected = Object.entries(columns).map(([name, expression]) => sql`${expression} as ${sql.ref(name)}`);
  return sql`(select ${sql.join(selected)} from ${from})`;
}

/** What `customers_containing` does where the tables are ours. */
function containing(form: RawBuilder<string>, search: Search): RawBuilder<unknown> {
  const { mode, after, most } = search;
  // The parts of a pattern that `like` would take for wildcards stand for themselves.
  const pattern = sql`('%' || replace(replace(replace(${form}, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%')`;
  const begins = (column: Form): RawBuilder<unknown> => sql`starts_with(${sql.ref(column)}, ${form})`;
  const contains = (column: Form): RawBuilder<unknown> => sql`${sql.ref(column)} like ${pattern}`;
  const email = mode === 'full' ? [begins('email_n')] : [];
  const parts: readonly [part: number, column: Form, earlier: readonly RawBuilder<unknown>[]][] = [
    [6, 'name_n', [begins('name_n'), begins('company_n'), ...email]],
    [7, 'company_n', [contains('name_n'), begins('company_n'), ...email]],
    [8, 'email_n', [contains('name_n'), contains('company_n'), begins('email_n')]],
  ];
  const reached = partOf(after);
  const selected = parts
    .filter(([part, column]) => part >= reached && (column !== 'email_n' || mode === 'full'))
    .map(([part, column, earlier]) => {
      const conditions = [contains(column), sql`(${sql.join(earlier, sql` or `)}) is not true`, ...active(search)];
      if (part === reached) conditions.push(sql`id > ${after?.[2]}`);
      return sql`(select id, ${sql.lit(part)} as part, '' as place from customers
        where ${sql.join(conditions, sql` and `)} order by id limit ${most})`;
    });
  return sql.join(selected, sql` union all `);
}

/** What `customers_similar` does at last where the tables are ours; what it does before needs an index of our own. */
function similar(form: RawBuilder<string>, search: Search): RawBuilder<unknown> {
  const [, place, id] = search.after ?? [];
  const conditions = [sql`(name_n %> ${form} or company_n %> ${form})`, ...active(search)];
  const rest = search.after === undefined ? sql`true` : sql`(place collate "C", id) > (${place}, ${id})`;
  return sql`
    select * from (
      select id, ${sql.lit(FUZZY)} as part, to_char(
        1 - greatest(word_similarity(${form}, name_n), word_similarity(${form}, coalesce(company_n, ''))), '0.000000'
      ) as place
      from customers where ${sql.join(conditions, sql` and `)}
    ) as alike where ${rest} order by place collate "C", id limit ${search.most}`;
}

type Form = 'name_n' | 'company_n' | 'email_n';

function active({ has_open_orders: expected }: Search): RawBuilder<unknown>[] {
  return expected === undefined ? [] : [hasOpenOrders(expected)];
}
