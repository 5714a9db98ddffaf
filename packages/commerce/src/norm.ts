import { type Kysely, type RawBuilder, sql } from 'kysely';

/**
 * The two extensions make search better and are not everywhere, nor may everybody install them: both may be absent.
 * @returns The schema that the extension is in
 */
export async function installExtension<Schema>(
  db: Kysely<Schema>,
  name: 'pg_trgm' | 'unaccent',
): Promise<string | undefined> {
  await sql
    .raw(
      `do $$ begin create extension if not exists ${name};
       exception when insufficient_privilege or undefined_file or feature_not_supported then null; end $$`,
    )
    .execute(db);
  const { rows } = await sql<{ schema: string }>`
    select quote_ident(nspname) as schema
    from pg_extension join pg_namespace on pg_namespace.oid = extnamespace where extname = ${name}`.execute(db);
  return rows[0]?.schema;
}

/**
 * The rules for small letters. Those of a database may be those of ASCII alone (locale C), so the same ones are asked
 * for everywhere: of Postgres itself (17 and later), of ICU, or of the system, whichever is there first.
 */
async function lowerCaseCollation<Schema>(db: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select quote_ident(collname) as name
    from unnest(array['pg_c_utf8', 'und-x-icu', 'C.UTF-8', 'C.utf8', 'default']) with ordinality as wanted (name, place)
    join pg_collation on collname = wanted.name and collnamespace = 'pg_catalog'::regnamespace
    where collencoding in (-1, pg_char_to_encoding(getdatabaseencoding()))
    order by place limit 1`.execute(db);
  return rows[0]?.name ?? '"default"';
}

/** The form in which texts are compared: composed, without accents where the extension is there, in small letters. */
export async function createNorm<Schema>(db: Kysely<Schema>, unaccent: string | undefined): Promise<void> {
  const composed = 'normalize($1, NFKC)';
  const plain = unaccent ? `${unaccent}.unaccent('${unaccent}.unaccent'::regdictionary, ${composed})` : composed;
  const small = `lower(${plain} collate ${await lowerCaseCollation(db)})`;
  // Greek has two small sigmas, and the rules disagree about which one ends a word.
  await sql
    .raw(
      `create or replace function norm(text) returns text language sql immutable strict parallel safe
       return replace(${small}, 'ς', 'σ')`,
    )
    .execute(db);
}

/** SQL: whether texts are compared without accents, as {@link createNorm} made the form. */
export const ignoresAccents: RawBuilder<boolean> = sql`pg_get_functiondef('norm(text)'::regprocedure) like '%unaccent%'`;

/** Takes up an extension that was not there when the tables were made: texts are compared without accents from then on. */
export async function renewNorm<Schema>(db: Kysely<Schema>): Promise<void> {
  const unaccent = await installExtension(db, 'unaccent');
  const { rows } = await sql<{ ignored: boolean }>`select ${ignoresAccents} as ignored`.execute(db);
  if (unaccent === undefined || rows[0]?.ignored) return;
  await createNorm(db, unaccent);
  // Where the owner is held back as well, `assignRoles` says so again.
  await sql`alter table customers no force row level security`.execute(db);
  // Generated columns are made anew with the columns that they come from.
  await sql`update customers set name = name, email = email, company = company`.execute(db);
}
