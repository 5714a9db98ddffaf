import { type Kysely, sql } from 'kysely';
import type { CommerceSchema } from './schema.ts';
import { LONGEST_WORD, SPELLINGS, wordsOf } from './spellings.ts';
import { CURRENT_TENANT } from './tenancy.ts';

const WHOSE = `whose constant text := ${CURRENT_TENANT}`;

/** Whether somebody still has to act on an order of the customer; any customer will do where nobody asked. */
const ACTIVE = `(open_orders is null or open_orders = exists (
        select from orders where orders.tenant_id = whose and orders.customer_id = customers.id
          and orders.status in ('pending', 'paid', 'shipped')))`;

/**
 * The next customers of one part. The limit inside is for the planner: to it, a page of a few looks as if the first rows
 * of the primary key held them, and where they do not, that way leads through the whole table; for some thousand it
 * reads the index of trigrams, unless the text is in a large part of all rows. No more than a page is read out.
 */
const nextOf = (part: number, conditions: string): string => `
    if after_part <= ${part} then
      return query
        with hits as materialized (
          select id from customers
          where tenant_id = whose and (after_part < ${part} or id > after_id) and ${conditions} and ${ACTIVE}
          order by id limit greatest(most, 10000)
        )
        select id, ${part}, '' from hits limit most;
      get diagnostics page = row_count;
      most := most - page;
      if most <= 0 then return; end if;
    end if;`;

/** SQL: the text as it is compared, and what has it inside. What `like` would take for wildcards stands for itself. */
const LIKENED = `likened constant text := norm(wanted);
    pattern constant text :=
      '%' || replace(replace(replace(likened, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%';`;

/**
 * Customers that have a text inside, in three parts: 6 the name, 7 the company, 8 the email; each customer in one, and
 * none that begins with the text. In each part they come by their numbers; a part is looked at when those before it do
 * not fill the page.
 */
const CONTAINING = `
  declare
    ${WHOSE};
    ${LIKENED}
    page integer;
  begin
    ${nextOf(
      6,
      `name_n like pattern and (starts_with(name_n, likened) or starts_with(company_n, likened)
            or with_email and starts_with(email_n, likened)) is not true`,
    )}
    ${nextOf(
      7,
      `company_n like pattern and (name_n like pattern or starts_with(company_n, likened)
            or with_email and starts_with(email_n, likened)) is not true`,
    )}
    -- No address has a space inside, and the name of a person would be looked for in all of them.
    if not with_email or likened like '% %' then return; end if;
    ${nextOf(
      8,
      `email_n like pattern
            and (name_n like pattern or company_n like pattern or starts_with(email_n, likened)) is not true`,
    )}
  end`;

/** How far a text is from the name or the company of a customer: 0 where it is part of one, 1 where nothing is alike. */
const DISTANCE = `to_char(
          1::real - greatest(word_similarity(likened, name_n), word_similarity(likened, coalesce(company_n, ''))), '0.000000')`;

/** Two of more words would be looked for in too many ways. */
const MOST_WORDS = 8;

/** Thousands have a common word, and to compare them all would take a second: the first that the index leads to will do. */
const MOST_RANKED = 200;

/** Of all arrays: what somebody may have made for arrays of texts, in a schema of the path, would run instead. */
const OVERLAPS = 'operator(pg_catalog.&&)';
const HAS = 'operator(pg_catalog.@>)';
const WITHOUT = 'pg_catalog.array_remove';

/**
 * Customers whose name or company is spelt like a text, as part 9: the more alike, the smaller the place. First those who
 * have a spelling of every word, all of its words but one as they are; if there are none, all but two. If there are none
 * either, or somebody is spelt just so and what else is alike is asked for, those who have many trigrams of it. A place
 * begins with what it was found by (1, 2 or a space), so that the next page goes on with that.
 */
const SIMILAR = `
  declare
    ${WHOSE};
    ${LIKENED}
    words constant text[] := array(
      select distinct left(word, ${LONGEST_WORD}) from pg_catalog.unnest(${wordsOf('likened')}) as word);
    number_of_words constant integer := pg_catalog.cardinality(words);
    hit record;
  begin
    -- Without the extension, nothing is spelt alike.
    if to_regprocedure('word_similarity(text,text)') is null then return; end if;
    <<by_words>>
    for wrong in 1 .. 2 loop
      exit when number_of_words < wrong or number_of_words > ${MOST_WORDS};
      -- Where policies hold for the owner as well, no index is read, and to spell every row takes too long.
      exit when row_security_active('customers');
      continue when after_place <> '' and left(after_place, 1) <> wrong::text;
      for hit in
        with near as materialized (
          select distinct fit.*
          from pg_catalog.unnest(words) with ordinality as one (word, at),
            pg_catalog.unnest(words) with ordinality as other (word, at),
            lateral (
              select id, name_n, company_n from customers
              where tenant_id = whose and ${ACTIVE}
                and ${SPELLINGS} ${OVERLAPS} spellings(one.word) and ${SPELLINGS} ${OVERLAPS} spellings(other.word)
                and ${SPELLINGS} ${HAS} ${WITHOUT}(${WITHOUT}(words, one.word), other.word)
              limit ${MOST_RANKED}
            ) as fit
          where case wrong when 1 then one.at = other.at else one.at < other.at end
        ), whole as materialized (
          -- Who is spelt just so may not be among the first of very many; the limit is for the planner, as above.
          select from customers
          where (select pg_catalog.count(*) from near) >= ${MOST_RANKED} and tenant_id = whose and ${ACTIVE}
            and (name_n like pattern or company_n like pattern)
          limit 10000
        ), alike (id, place, spelt_so) as materialized (
          select id, wrong::text || ${DISTANCE}, exists (select from whole)
            or exists (select from near where strpos(name_n, likened) > 0 or strpos(coalesce(company_n, ''), likened) > 0)
          from near
        )
        select * from alike
        where (alike.place collate "C", alike.id) > (after_place, after_id)
        order by alike.place collate "C", alike.id limit most
      loop
        exit by_words when hit.spelt_so and after_place = '';
        return query select hit.id, 9, hit.place;
      end loop;
      if hit.id is not null or after_place <> '' then return; end if;
    end loop;
    return query
      -- Once for each row, not again for each use of the place.
      with alike (id, part, place) as materialized (
        select id, 9, ${DISTANCE}
        from customers where tenant_id = whose and (name_n %> likened or company_n %> likened) and ${ACTIVE}
      )
      select * from alike
      where (alike.place collate "C", alike.id) > (after_place, after_id)
      order by alike.place collate "C", alike.id limit most;
  end`;

/**
 * Makes what finds customers by a part or by the likeness of a text, and its index where the extension pg_trgm is there.
 * Under row-level security no index could be read for such a condition, since `like` is not leakproof: these run as the
 * owner of the tables and ask for the tenant themselves. Each call is planned anew, for the text that it looks for, and
 * ends before it would be compiled.
 */
export async function createSearchFunctions(db: Kysely<CommerceSchema>): Promise<void> {
  const { rows } = await sql<{ schema: string; trigram: string | null }>`
    select quote_ident(current_schema()) as schema,
      (select quote_ident(nspname) from pg_extension join pg_namespace on pg_namespace.oid = extnamespace
        where extname = 'pg_trgm') as trigram`.execute(db);
  const [{ schema, trigram } = { schema: 'public', trigram: null }] = rows;
  const path = [...new Set([schema, trigram ?? schema, 'pg_temp'])].join(', ');
  const create = (signature: string, body: string): Promise<unknown> =>
    sql
      .raw(
        `create or replace function ${signature} returns table (found bigint, part integer, place text)
        language plpgsql stable security definer set search_path = ${path} set plan_cache_mode = force_custom_plan
        set jit = off as $$ ${body} $$`,
      )
      .execute(db);
  const asked = 'open_orders boolean, most integer';
  await create(
    `customers_containing(wanted text, with_email boolean, after_part integer, after_id bigint, ${asked})`,
    CONTAINING,
  );
  await create(`customers_similar(wanted text, after_place text, after_id bigint, ${asked})`, SIMILAR);
  if (trigram === null) return;
  const columns = ['name_n', 'company_n', 'email_n'].map((column) => `${column} ${trigram}.gin_trgm_ops`).join(', ');
  await sql.raw(`create index if not exists customers_trigram on customers using gin (${columns})`).execute(db);
}
