import { type CommerceSchema, formatCustomerId } from '@mortise/commerce';
import { type Kysely, type RawBuilder, sql } from 'kysely';

import type { CustomerMatch } from './results.ts';

/** A row of a tier: the lower the number, the better the match. Whole numbers but for the fuzzy tier, 6 to 7. */
interface FoundRow {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly company: string | null;
  readonly status: CustomerMatch['status'];
  readonly tier: number;
  readonly pending: number;
  readonly paid: number;
  readonly shipped: number;
}

const EMAIL = 0;
const FUZZY = 6;

/** Rows that each part of a tier may bring; a page is at most 51. */
const CANDIDATES = sql.lit(60);

/** Shorter texts are in too many names: they are only looked for at the beginning. */
const SHORTEST_PART = 3;

/**
 * Finds customers by name, email and company without regard to case and accents: first what is equal or begins with the
 * text, then what contains it, then, when nothing did, what is spelt alike. Each step reads an index, and most searches
 * end after the first.
 */
export class CustomerSearch {
  readonly #db: Kysely<CommerceSchema>;
  #spelling: Promise<boolean> | undefined;

  constructor(db: Kysely<CommerceSchema>) {
    this.#db = db;
  }

  /**
   * @param text - One to 200 characters, looked for as it is: `%` and `_` stand for themselves
   * @param limit - How many customers at most, up to 51
   */
  async find(text: string, limit: number, signal: AbortSignal): Promise<CustomerMatch[]> {
    const found = await this.#page(text, beginning(text), limit, signal);
    const isPart = text.length >= SHORTEST_PART;
    if (isPart && found.length < limit && !found.some(({ tier }) => tier === EMAIL)) {
      const known = found.map(({ id }) => id);
      found.push(...(await this.#page(text, containing(text, known), limit - found.length, signal)));
    }
    if (isPart && found.length === 0 && (await this.#knowsSpelling())) {
      found.push(...(await this.#page(text, similar(text), limit, signal)));
    }
    return found.map(toMatch);
  }

  /** Whether the extension pg_trgm is there; without it, similar spellings are not found. */
  #knowsSpelling(): Promise<boolean> {
    this.#spelling ??= sql<{ found: boolean }>`
      select to_regprocedure('word_similarity(text,text)') is not null as found`
      .execute(this.#db)
      .then(({ rows }) => rows[0]?.found === true);
    this.#spelling.catch(() => (this.#spelling = undefined));
    return this.#spelling;
  }

  /** The best of some candidates with their open orders, in one query. */
  async #page(text: string, candidates: RawBuilder<unknown>, limit: number, signal: AbortSignal): Promise<FoundRow[]> {
    // A text of nothing but accents normalises to nothing, which every name begins with: it finds nobody.
    const query = sql<FoundRow>`
      with candidate as (${candidates}),
      best as (
        select id, min(tier) as tier from candidate where ${norm(text)} <> '' group by id
      ),
      page as (
        select id, name, email, company, status, name_n, tier from best join customers using (id)
        order by tier, name_n collate "C", id limit ${limit}
      )
      select page.id, name, email, company, page.status, tier, pending, paid, shipped
      from page cross join lateral (
        select count(*) filter (where status = 'pending') as pending,
               count(*) filter (where status = 'paid') as paid,
               count(*) filter (where status = 'shipped') as shipped
        from orders where customer_id = page.id and status in ('pending', 'paid', 'shipped')
      ) as open_orders
      order by tier, name_n collate "C", id`;
    const { rows } = await query.execute(this.#db, { signal, inflightQueryAbortStrategy: 'cancel query' });
    return [...rows];
  }
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

function containing(text: string, known: readonly number[]): RawBuilder<unknown> {
  // Two backslashes here are one in SQL.
  const escaped = sql`replace(replace(replace(${norm(text)}, '\\', '\\\\'), '%', '\\%'), '_', '\\_')`;
  const pattern = sql`('%' || ${escaped} || '%')`;
  const unknown = sql`id <> all(${known}::bigint[])`;
  return sql`
    (select id, 4::real as tier from customers where name_n like ${pattern} and ${unknown} limit ${CANDIDATES})
    union all (select id, 4 from customers where company_n like ${pattern} and ${unknown} limit ${CANDIDATES})
    union all (select id, 5 from customers where email_n like ${pattern} and ${unknown} limit ${CANDIDATES})`;
}

function similar(text: string): RawBuilder<unknown> {
  const wanted = norm(text);
  const likeness = sql`greatest(word_similarity(${wanted}, name_n), word_similarity(${wanted}, coalesce(company_n, '')))`;
  return sql`
    select id, (7 - ${likeness})::real as tier from customers
    where name_n %> ${wanted} or company_n %> ${wanted}`;
}

function toMatch({ id, name, email, company, status, tier, pending, paid, shipped }: FoundRow): CustomerMatch {
  return {
    customer_id: formatCustomerId(id),
    name,
    email,
    company,
    status,
    open_orders: { pending, paid, shipped },
    match: tier >= FUZZY ? 'fuzzy' : tier >= 4 ? 'contains' : tier >= 2 ? 'prefix' : 'exact',
  };
}
