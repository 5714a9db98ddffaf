import { type CommerceSchema, formatCustomerId, type Privacy, type PrivacyMode, type Stored } from '@mortise/commerce';
import { type RawBuilder, sql } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';

import type { CustomerMatch } from './results.ts';

/** A row of a tier: the lower the number, the better the match. Whole numbers but for the fuzzy tier, 6 to 7. */
interface FoundRow {
  readonly id: number;
  readonly name: Stored<'name'>;
  readonly email: Stored<'email'>;
  readonly company: Stored<'label'> | null;
  readonly status: CustomerMatch['status'];
  readonly tier: number;
  readonly pending: number;
  readonly paid: number;
  readonly shipped: number;
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
const CANDIDATES = sql.lit(60);

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
  db: ReadonlyKysely<CommerceSchema>,
  text: string,
  limit: number,
  privacy: Privacy,
  signal: AbortSignal,
): Promise<CustomerMatch[]> {
  const { mode } = privacy;
  const found = await page(db, text, beginning(text), limit, mode, signal);
  const isPart = mode !== 'none' && text.length >= SHORTEST_PART;
  if (isPart && found.length < limit && !found.some(({ tier }) => tier === EMAIL)) {
    const known = found.map(({ id }) => id);
    found.push(...(await page(db, text, containing(text, known), limit - found.length, mode, signal)));
  }
  if (isPart && found.length === 0) found.push(...(await page(db, text, similar(text), limit, mode, signal)));
  return found.map((row) => toMatch(row, privacy));
}

/** The best of some candidates with their open orders, in one query. */
async function page(
  db: ReadonlyKysely<CommerceSchema>,
  text: string,
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
      select id, min(tier) as tier from candidate where ${norm(text)} <> '' and tier <> all(${closed}::real[])
      group by id
    ),
    page as (
      select id, name, email, company, status, name_n, tier from best join customers using (id)
      order by tier, name_n collate "C", id limit ${limit}
    )
    select page.id, name, email, company, page.status, tier, name_n, pending, paid, shipped
    from page cross join lateral (
      select count(*) filter (where status = 'pending') as pending,
             count(*) filter (where status = 'paid') as paid,
             count(*) filter (where status = 'shipped') as shipped
      from orders where customer_id = page.id and status in ('pending', 'paid', 'shipped')
    ) as open_orders
  )`;
  return db
    .selectFrom(found.as('found'))
    .select(['id', 'name', 'email', 'company', 'status', 'tier', 'pending', 'paid', 'shipped'])
    .orderBy('tier')
    .orderBy(sql`name_n collate "C"`)
    .orderBy('id')
    .execute({ signal, inflightQueryAbortStrategy: 'cancel query' });
}

/** The form in which texts are compared. Only Postgres makes it, so that both sides are made the same way. */
function norm(text: string): RawBuilder<string> {
  return sql<string>`norm(${text})`;
}

/** Equality, and ranges instead of `like`: they also use the index where row-level security hides rows. */
function beginning(text: string): RawBuilder<unknown> {
  const from = norm(text);
  const to = sql`(${from} || chr(1114111))`;
  return sql`
    (select id, 0::real as tier from customers where email_n = ${from} limit 5)
    union all (select id, 1 from customers where company_n = ${from} order by id limit ${CANDIDATES})
    union all (select id, 1 from customers where name_n = ${from} order by id limit ${CANDIDATES})
    union all (select id, 2 from customers where company_n ~>=~ ${from} and company_n ~<~ ${to}
      order by company_n using ~<~, id limit ${CANDIDATES})
    union all (select id, 2 from customers where name_n ~>=~ ${from} and name_n ~<~ ${to}
      order by name_n using ~<~, id limit ${CANDIDATES})
    union all (select id, 3 from customers where email_n ~>=~ ${from} and email_n ~<~ ${to}
      order by email_n using ~<~, id limit ${CANDIDATES})`;
}

/** What these two do is done by the database's own functions, since no policy lets such a condition read an index. */
function containing(text: string, known: readonly number[]): RawBuilder<unknown> {
  return sql`select * from customers_containing(${text}, ${known}::bigint[], ${CANDIDATES})`;
}

function similar(text: string): RawBuilder<unknown> {
  return sql`select * from customers_similar(${text})`;
}

function toMatch(row: FoundRow, privacy: Privacy): CustomerMatch {
  const { id, name, email, company, status, tier, pending, paid, shipped } = row;
  return {
    customer_id: formatCustomerId(id),
    name: privacy.name(name),
    email: privacy.email(email),
    company: privacy.label(company),
    status,
    open_orders: { pending, paid, shipped },
    match: tier >= FUZZY ? 'fuzzy' : tier >= 4 ? 'contains' : tier >= 2 ? 'prefix' : 'exact',
  };
}
