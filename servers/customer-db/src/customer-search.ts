import {
  type CommerceSchema,
  openStatuses,
  type OrderStatus,
  type Position,
  type PrivacyMode,
  type Stored,
} from '@mortise/commerce';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';

import type { CustomerMatch } from './results.ts';

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
export interface FoundCustomer {
  readonly id: number;
  readonly name: Stored<'name'>;
  readonly email: Stored<'email'>;
  readonly company: Stored<'label'> | null;
  readonly phone: Stored<'phone'> | null;
  readonly segment: 'consumer' | 'small_business' | 'enterprise';
  readonly status: CustomerMatch['status'];
  readonly created_at: string;
  readonly pending: number;
  readonly paid: number;
  readonly shipped: number;
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
const CONTAINING = 6;
const FUZZY = 9;

/** Shorter texts are in too many names: they are only looked for at the beginning. */
const SHORTEST_PART = 3;

/**
 * What is looked at: who may not see a text may not find it out letter by letter either. Masked, an email is found by
 * all of it; without personal data, so is everything.
 */
function openParts({ mode, match }: Search): readonly Beginning[] {
  if (match === 'fuzzy') return [];
  return beginnings.filter(
    ({ column, whole }) => whole || (match === 'auto' && mode !== 'none' && (mode === 'full' || column !== 'email_n')),
  );
}

/**
 * Finds customers by name, email and company without regard to case and accents: first what is equal or begins with the
 * text, then what contains it, then, when nothing did, what is spelt alike. All of an email finds its customer and nobody
 * else. Each step reads an index, and most searches end after the first.
 */
export async function findCustomers(
  db: ReadonlyKysely<CommerceSchema>,
  search: Search,
  signal: AbortSignal,
): Promise<FoundCustomer[]> {
  const { text, most, after, mode, match } = search;
  const start = partOf(after);
  const read = (candidates: RawBuilder<unknown>, left: number): Promise<FoundCustomer[]> =>
    readCandidates(db, text, candidates, left, signal);

  const begins = beginning(search);
  const found = begins ? await read(begins, most) : [];
  const byEmail = found.filter(({ position }) => partOf(position) === EMAIL);
  if (byEmail.length > 0 || (after && start === EMAIL)) return byEmail;
  if (match === 'exact' || mode === 'none' || text.length < SHORTEST_PART) return found;

  if (match === 'auto' && found.length < most && start < FUZZY) {
    found.push(...(await read(containing(search), most - found.length)));
  }
  const goesOn = after ? start === FUZZY : found.length === 0;
  if (match === 'fuzzy' || goesOn) found.push(...(await read(similar(search), most)));
  return found;
}

/** The first of some candidates with their open orders, in one query. */
async function readCandidates(
  db: ReadonlyKysely<CommerceSchema>,
  text: string,
  candidates: RawBuilder<unknown>,
  most: number,
  signal: AbortSignal,
): Promise<FoundCustomer[]> {
  // A text of nothing but accents normalises to nothing, which every name begins with: it finds nobody.
  const page = sql<{ id: number; part: number; place: string }>`(
    with candidate (id, part, place) as (${candidates})
    select id, part, place from candidate where ${norm(text)} <> ''
    order by part, place collate "C", id limit ${most}
  )`;
  const rows = await db
    .selectFrom(page.as('page'))
    .innerJoin('customers', 'customers.id', 'page.id')
    .innerJoinLateral(
      (order) =>
        order
          .selectFrom('orders')
          .select([count('pending'), count('paid'), count('shipped')])
          .whereRef('customer_id', '=', 'page.id')
          .where('status', 'in', openStatuses)
          .as('open_orders'),
      (join) => join.onTrue(),
    )
    .select(['page.id', 'part', 'place', 'name', 'email', 'company', 'phone', 'segment', 'customers.status'])
    .select(['created_at', 'pending', 'paid', 'shipped'])
    .orderBy('part')
    .orderBy(sql`place collate "C"`)
    .orderBy('page.id')
    .execute({ signal, inflightQueryAbortStrategy: 'cancel query' });
  return rows.map(({ part, place, ...row }) => ({ ...row, match: matchOf(part), position: [part, place, row.id] }));
}

function count<Status extends OrderStatus>(status: Status) {
  return sql<number>`count(*) filter (where status = ${sql.lit(status)})`.as(status);
}

function matchOf(part: number): CustomerMatch['match'] {
  if (part >= FUZZY) return 'fuzzy';
  if (part >= CONTAINING) return 'contains';
  return beginnings[part]?.whole === true ? 'exact' : 'prefix';
}

function partOf(position: Position | undefined): number {
  return Number(position?.[0] ?? 0);
}

/** The form in which texts are compared. Only Postgres makes it, so that both sides are made the same way. */
function norm(text: string): RawBuilder<string> {
  return sql<string>`norm(${text})`;
}

/** `undefined` when the list is past its beginnings, or has none. */
function beginning(search: Search): RawBuilder<unknown> | undefined {
  const open = openParts(search);
  const parts = open.flatMap((part, index) =>
    part.part < partOf(search.after) ? [] : [beginningPart(search, part, open.slice(0, index))],
  );
  return parts.length === 0 ? undefined : sql.join(parts, sql` union all `);
}

/** Equality, and ranges instead of `like`: they also use the index where row-level security hides rows. */
function beginningPart(
  search: Search,
  { part, column, whole }: Beginning,
  earlier: readonly Beginning[],
): RawBuilder<unknown> {
  const { text, has_open_orders: active, most, after } = search;
  const [reached, place, id] = after ?? [];
  const name = sql.ref(column);
  const conditions = [fits(text, { column, whole })];
  if (reached === part && whole) conditions.push(sql`id > ${id}`);
  if (reached === part && !whole) {
    conditions.push(sql`${name} ~>=~ ${place} and (${name} ~>~ ${place} or id > ${id})`);
  }
  if (earlier.length > 0) {
    conditions.push(
      sql`(${sql.join(
        earlier.map((other) => fits(text, other)),
        sql` or `,
      )}) is not true`,
    );
  }
  if (active !== undefined) {
    conditions.push(sql`${active} = exists (
      select from orders where customer_id = customers.id and orders.status in (${sql.join(openStatuses)}))`);
  }
  return sql`(
    select id, ${sql.lit(part)} as part, ${whole ? sql.lit('') : name} as place from customers
    where ${sql.join(conditions, sql` and `)} order by ${whole ? sql`` : sql`${name} using ~<~, `}id limit ${most}
  )`;
}

function fits(text: string, { column, whole }: Pick<Beginning, 'column' | 'whole'>): RawBuilder<SqlBool> {
  const name = sql.ref(column);
  const from = norm(text);
  return whole ? sql`${name} = ${from}` : sql`(${name} ~>=~ ${from} and ${name} ~<~ (${from} || chr(1114111)))`;
}

/** What these two do is done by the database's own functions, since no policy lets such a condition read an index. */
function containing({ text, mode, has_open_orders: active, after, most }: Search): RawBuilder<unknown> {
  const [part, , id] = partOf(after) < CONTAINING ? [CONTAINING, '', 0] : (after ?? []);
  return sql`
    select * from customers_containing(${text}, ${mode === 'full'}, ${part}, ${id}, ${active ?? null}, ${most})`;
}

function similar({ text, has_open_orders: active, after, most }: Search): RawBuilder<unknown> {
  const [, place = '', id = 0] = after ?? [];
  return sql`select * from customers_similar(${text}, ${place}, ${id}, ${active ?? null}, ${most})`;
}
