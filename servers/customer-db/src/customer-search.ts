import type { Privacy, PrivacyMode } from '@mortise/commerce';
import { type RawBuilder, sql } from 'kysely';

import { openOrders, type OpenOrderCounts } from './open-orders.ts';
import type { CustomerMatch } from './results.ts';
import type { Shop, ShopReader, ShopTables } from './shop.ts';

/** A row of a tier: the lower the number, the better the match. Whole numbers but for the fuzzy tier, 6 to 7. */
interface FoundRow
  extends OpenOrderCounts, Pick<ShopTables['customers'], 'id' | 'name' | 'email' | 'company' | 'status'> {
  readonly tier: number;
}

const EMAIL = 0;
const FUZZY = 6;

/**
 * What is not looked at: who may not see a text may not find it out letter by letter either. Masked, an email is found
 * by all of it (tier 3 is its beginning, 5 a part of it); without personal data, so is everything.
 */
const closedTiers: Readonly<Record<PrivacyMode, (tier: number) => boolean>> = {
  full: () => false,
  masked: (tier) => tier === 3 || tier === 5,
  none: (tier) => tier > 1,
};

/** Rows that each part of a tier may bring; a page is at most 51. */
const CANDIDATES = 60;

/** Shorter texts are in too many names: they are only looked for at the beginning. */
const SHORTEST_PART = 3;

/**
 * Finds customers by name, email and company without regard to case and accents: first what is equal or begins with the
 * text, then what contains it, then, when nothing did, what is spelt alike. Each step reads an index, and most searches
 * end after the first.
 * @param text - One to 200 characters, looked for as it is: `%` and `_` stand for themselves
 * @param limit - How many customers at most, up to 51
 */
export async function findCustomers(
  shop: Shop,
  db: ShopReader,
  text: string,
  limit: number,
  privacy: Privacy,
  signal: AbortSignal,
): Promise<CustomerMatch[]> {
  const { mode } = privacy;
  const form = shop.norm(text);
  const best = (candidates: RawBuilder<unknown> | undefined, most: number): Promise<FoundRow[]> =>
    candidates ? page(db, form, candidates, most, mode, signal) : Promise.resolve([]);
  const found = await best(beginning(form), limit);
  const isPart = mode !== 'none' && text.length >= SHORTEST_PART;
  if (isPart && found.length < limit && !found.some(({ tier }) => tier === EMAIL)) {
    const known = found.map(({ id }) => id);
    found.push(...(await best(shop.containing(text, known, CANDIDATES), limit - found.length)));
  }
  if (isPart && found.length === 0) found.push(...(await best(shop.similar(text), limit)));
  return found.map((row) => toMatch(row, shop, privacy));
}

/** The best of some candidates with their open orders, in one query. */
async function page(
  db: ShopReader,
  form: RawBuilder<string>,
  candidates: RawBuilder<unknown>,
  limit: number,
  mode: PrivacyMode,
  signal: AbortSignal,
): Promise<FoundRow[]> {
  const closed = [2, 3, 4, 5].filter(closedTiers[mode]);
  // A text of nothing but accents normalises to nothing, which every name begins with: it finds nobody.
  const found = sql<FoundRow>`(
    with candidate (id, tier) as (${candidates}),
    best as (
      select id, min(tier) as tier from candidate where ${form} <> '' and tier <> all(${closed}::real[])
      group by id
    ),
    page as (
      select id, name, email, company, status, name_n, tier from best join customers using (id)
      order by tier, name_n collate "C", id limit ${limit}
    )
    select page.id, name, email, company, page.status, tier, name_n, pending, paid, shipped
    from page cross join lateral ${openOrders('page.id')} as open_orders
  )`;
  return db
    .selectFrom(found.as('found'))
    .select(['id', 'name', 'email', 'company', 'status', 'tier', 'pending', 'paid', 'shipped'])
    .orderBy('tier')
    .orderBy(sql`name_n collate "C"`)
    .orderBy('id')
    .execute({ signal, inflightQueryAbortStrategy: 'cancel query' });
}

/** Equality, and ranges instead of `like`: they also use the index where row-level security hides rows. */
function beginning(from: RawBuilder<string>): RawBuilder<unknown> {
  const to = sql`(${from} || chr(1114111))`;
  const limit = sql.lit(CANDIDATES);
  return sql`
    (select id, 0::real as tier from customers where email_n = ${from} limit 5)
    union all (select id, 1 from customers where company_n = ${from} order by id limit ${limit})
    union all (select id, 1 from customers where name_n = ${from} order by id limit ${limit})
    union all (select id, 2 from customers where company_n ~>=~ ${from} and company_n ~<~ ${to}
      order by company_n using ~<~, id limit ${limit})
    union all (select id, 2 from customers where name_n ~>=~ ${from} and name_n ~<~ ${to}
      order by name_n using ~<~, id limit ${limit})
    union all (select id, 3 from customers where email_n ~>=~ ${from} and email_n ~<~ ${to}
      order by email_n using ~<~, id limit ${limit})`;
}

function toMatch(row: FoundRow, shop: Shop, privacy: Privacy): CustomerMatch {
  const { id, name, email, company, status, tier, pending, paid, shipped } = row;
  return {
    customer_id: shop.customers.format(id),
    name: privacy.name(name),
    email: privacy.email(email),
    company: privacy.label(company),
    status,
    open_orders: { pending, paid, shipped },
    match: tier >= FUZZY ? 'fuzzy' : tier >= 4 ? 'contains' : tier >= 2 ? 'prefix' : 'exact',
  };
}
