import { type Kysely, sql } from 'kysely';
import type { CommerceSchema } from './schema.ts';

const WHOSE = `whose constant text := nullif(current_setting('app.tenant_id', true), '')`;

/** The parts of a pattern that `like` would take for wildcards stand for themselves. */
const CONTAINING = `
  declare
    ${WHOSE};
    pattern constant text := '%' || replace(replace(replace(norm(wanted), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%';
  begin
    return query
      (select id, 4::real from customers
        where tenant_id = whose and name_n like pattern and id <> all(known) limit candidates)
      union all (select id, 4 from customers
        where tenant_id = whose and company_n like pattern and id <> all(known) limit candidates)
      union all (select id, 5 from customers
        where tenant_id = whose and email_n like pattern and id <> all(known) limit candidates);
  end`;

const SIMILAR = `
  declare
    ${WHOSE};
    likened constant text := norm(wanted);
  begin
    -- Without the extension, nothing is spelt alike.
    if to_regprocedure('word_similarity(text,text)') is null then return; end if;
    return query
      select id, (7 - greatest(word_similarity(likened, name_n), word_similarity(likened, coalesce(company_n, ''))))::real
      from customers where tenant_id = whose and (name_n %> likened or company_n %> likened);
  end`;

/**
 * Makes what finds customers by a part or by the likeness of a text, and its index where the extension pg_trgm is there.
 * Under row-level security no index could be read for such a condition, since `like` is not leakproof: these run as the
 * owner of the tables and ask for the tenant themselves. Each call is planned anew, for the text that it looks for.
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
        `create or replace function ${signature} returns table (customer_id bigint, tier real)
        language plpgsql stable security definer set search_path = ${path} set plan_cache_mode = force_custom_plan
        as $$ ${body} $$`,
      )
      .execute(db);
  await create('customers_containing(wanted text, known bigint[], candidates integer)', CONTAINING);
  await create('customers_similar(wanted text)', SIMILAR);
  if (trigram === null) return;
  const columns = ['name_n', 'company_n', 'email_n'].map((column) => `${column} ${trigram}.gin_trgm_ops`).join(', ');
  await sql.raw(`create index if not exists customers_trigram on customers using gin (${columns})`).execute(db);
}
