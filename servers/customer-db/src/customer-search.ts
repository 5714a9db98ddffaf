import type { Position, PrivacyMode } from '@mortise/commerce';
import { cancelledBy } from '@mortise/database';
import { type RawBuilder, type SqlBool, sql } from 'kysely';

import type { Key } from './keys.ts';
import { hasOpenOrders, openOrders, type OpenOrderCounts } from './open-orders.ts';
import type { CustomerMatch } from './results.ts';
import type { Shop, ShopReader, ShopTables } from './shop.ts';

/** What is searched for, and where the list goes on. */
export interface Search {
  /** One to 200 characters, looked for as it is: `%` and `_` stand for themselves. */
  readonly text: string;
  /** `auto` looks for what is spelt alike only where nothing else is found. */
  readonly match: 'auto' | 'exact' | 'fuzzy';
  /** Only customers who have open orders, or only those who have none. */
  readonly has_open_orders: boolean | undefined;
  /** How many customers at most. */
  readonly most: number;
  /** After the customer that is {@link FoundCustomer.position} there. */
  readonly after: Position | undefined;
  /** How much of a customer may be searched, as {@link openParts} says. */
  readonly mode: PrivacyMode;
}

/** A customer that a search found. */
export interface FoundCustomer
  extends OpenOrderCounts, Omit<ShopTables['customers'], 'notes' | 'name_n' | 'email_n' | 'company_n'> {
  readonly match: CustomerMatch['match'];
  /** Its part, its place in the part and its key: what the list is ordered by. */
  readonly position: Position;
}

/** The parts of a list, in their order. Each customer is in the first one that it fits. */
const beginnings = [
  { part: 0, column: 'email_n', whole: true },
  { part: 1, column: 'name_n', whole: true },
  { part: 2, column: 'company_n', whole: true },
  { part: 3, column: 'name_n', whole: false },
  { part: 4, column: 'company_n', whole: false },
  { part: 5, column: 'email_n', whole: false },
] as const;

type Beginning = (typeof beginnings)[number];

const EMAIL = 0;
/** 6 to 8 contain the text: in the name, the company and the email. */
export const CONTAINING = 6;
/** The only part of a search for what is spelt alike. */
export const FUZZY = 9;

/** Shorter texts are in too many names: they are only looked for at the beginning. */
const SHORTEST_PART = 3;

/**
 * What is looked at: who may not see a text may not find it out letter by letter either. Masked, an email is found by
 * all of it; without personal data, so is everything.
 */
function openParts({ mode, match, text }: Search): readonly Beginning[] {
  if (match === 'fuzzy') return [];
  const isEmail = !text.includes(' '); // or two parts are planned for nothing
  return beginnings.filter(({ column, whole }) => {
    if (column === 'email_n' && !isEmail) return false;
    return whole || (match === 'auto' && mode !== 'none' && (mode === 'full' || column !== 'email_n'));
  });
}

/**
 * Finds customers by name, email and company without regard to case and accents: first what is equal or begins with the
 * text, then what contains it, then, when nothing did, what is spelt alike. All of an email finds its customer and nobody
 * else. Each step reads an index, and most searches end after the first.
 */
export async function findCustomers(
  shop: Shop,
  db: ShopReader,
  search: Search,
  signal: AbortSignal,
): Promise<FoundCustomer[]> {
  const { text, most, after, mode, match } = search;
  const start = partOf(after);
  const read = (candidates: RawBuilder<unknown> | undefined, left: number): Promise<FoundCustomer[]> =>
    candidates ? readCandidates(db, shop.norm(text), candidates, left, signal) : Promise.resolve([]);

  const found = await read(beginning(shop, search), most);
  const byEmail = found.filter(({ position }) => partOf(position) === EMAIL);
  if (byEmail.length > 0 || (after && start === EMAIL)) return byEmail;
  if (match === 'exact' || mode === 'none' || text.length < SHORTEST_PART) return found;

  if (match === 'fuzzy' || start === FUZZY) return read(shop.similar(search), most);
  if (found.length === most) return found;
  const alike = after === undefined && found.length === 0 ? shop.similar(search) : undefined;
  found.push(...(await read(firstThatFinds(shop.containing(search), alike), most - found.length)));
  return found;
}

/** Some candidates, or, if there are none, others: in one query, since to plan another takes as long as to run it. */
function firstThatFinds(
  first: RawBuilder<unknown> | undefined,
  second: RawBuilder<unknown> | undefined,
): RawBuilder<unknown> | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return sql`
    with first as materialized (${first})
    select * from first union all select * from (${second}) as second where not exists (select from first)`;
}

/** The first of some candidates with their open orders, in one query. */
async function readCandidates(
  db: ShopReader,
  form: RawBuilder<string>,
  candidates: RawBuilder<unknown>,
  most: number,
  signal: AbortSignal,
): Promise<FoundCustomer[]> {
  // A text of nothing but accents normalises to nothing, which every name begins with: it finds nobody.
  const page = sql<{ id: Key; part: number; place: string }>`(
    with candidate (id, part, place) as (${candidates})
    select id, part, place from candidate where ${form} <> ''
    order by part, place collate "C", id limit ${most}
  )`;
  const rows = await db
    .selectFrom(page.as('page'))
    .innerJoin('customers', 'customers.id', 'page.id')
    .innerJoinLateral(openOrders('page.id').as('open_orders'), (join) => join.onTrue())
    .select(['page.id', 'part', 'place', 'name', 'email', 'company', 'phone', 'segment', 'customers.status'])
    .select(['created_at', 'pending', 'paid', 'shipped'])
    .orderBy('part')
    .orderBy(sql`place collate "C"`)
    .orderBy('page.id')
    .execute(cancelledBy(signal));
  return rows.map(({ part, place, ...row }) => ({ ...row, match: matchOf(part), position: [part, place, row.id] }));
}

function matchOf(part: number): CustomerMatch['match'] {
  if (part >= FUZZY) return 'fuzzy';
  if (part >= CONTAINING) return 'contains';
  return beginnings[part]?.whole === true ? 'exact' : 'prefix';
}

/** Where a list goes on: {@link CONTAINING} and the like. */
export function partOf(position: Position | undefined): number {
  return Number(position?.[0] ?? 0);
}

/**
 * `undefined` when the list is past its beginnings, or has none. A part is looked at when those before it do not fill the
 * page: most of the emails that begin with a letter belong to names that do, and would be passed over one by one.
 */
function beginning(shop: Shop, search: Search): RawBuilder<unknown> | undefined {
  const form = shop.norm(search.text);
  const open = openParts(search);
  const names: RawBuilder<unknown>[] = [];
  const parts: RawBuilder<unknown>[] = [];
  for (const [index, part] of open.entries()) {
    if (part.part < partOf(search.after)) continue;
    const counts = names.map((name) => sql`(select count(*) from ${name})`);
    const isWanted = counts.length === 0 ? sql`true` : sql`${sql.join(counts, sql` + `)} < ${search.most}`;
    const name = sql.id(`begin_${part.part}`);
    parts.push(sql`${name} as materialized ${beginningPart(form, search, part, open.slice(0, index), isWanted)}`);
    names.push(name);
  }
  if (names.length === 0) return undefined;
  const all = names.map((name) => sql`select * from ${name}`);
  return sql`with ${sql.join(parts)} ${sql.join(all, sql` union all `)}`;
}

/** Equality, and ranges instead of `like`: they also use the index where row-level security hides rows. */
function beginningPart(
  form: RawBuilder<string>,
  search: Search,
  { part, column, whole }: Beginning,
  earlier: readonly Beginning[],
  isWanted: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const { has_open_orders: active, most, after } = search;
  const [reached, place, id] = after ?? [];
  const name = sql.ref(column);
  const conditions = [fits(form, { column, whole }), isWanted];
  if (reached === part && whole) conditions.push(sql`id > ${id}`);
  if (reached === part && !whole) {
    conditions.push(sql`${name} ~>=~ ${place} and (${name} ~>~ ${place} or id > ${id})`);
  }
  if (earlier.length > 0) {
    conditions.push(
      sql`(${sql.join(
        earlier.map((other) => fits(form, other)),
        sql` or `,
      )}) is not true`,
    );
  }
  if (active !== undefined) conditions.push(hasOpenOrders(active));
  return sql`(
    select id, ${sql.lit(part)} as part, ${whole ? sql.lit('') : name} as place from customers
    where ${sql.join(conditions, sql` and `)} order by ${whole ? sql`` : sql`${name} using ~<~, `}id limit ${most}
  )`;
}

function fits(from: RawBuilder<string>, { column, whole }: Pick<Beginning, 'column' | 'whole'>): RawBuilder<SqlBool> {
  const name = sql.ref(column);
  return whole ? sql`${name} = ${from}` : sql`(${name} ~>=~ ${from} and ${name} ~<~ (${from} || chr(1114111)))`;
}
