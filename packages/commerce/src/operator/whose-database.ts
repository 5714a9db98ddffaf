import { DatabaseProblem } from '@mortise/database';
import { type Kysely, sql } from 'kysely';

/** What tells whose tables these are: every database that a server of ours migrated has it. */
const MARK = 'mortise_migration';

/** Whose the schema is that an unqualified name leads to. */
export type Whose = 'ours' | 'empty' | 'someone else';

/**
 * Whose database this is. One that has anything of somebody else's and none of our migrations is theirs, whatever its
 * tables are called; what belongs to an extension counts for nobody.
 */
export async function whoseDatabase<Schema>(db: Kysely<Schema>): Promise<Whose> {
  const { rows } = await sql<{ ours: boolean; others: boolean; schema: string | null }>`
    select current_schema() as schema, to_regclass(${MARK}) is not null as ours,
      exists (
        select from (
          select 'pg_class'::regclass as catalog, oid, relname as name from pg_class
            where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
          union all select 'pg_proc'::regclass, oid, proname from pg_proc
            where pronamespace = current_schema()::regnamespace
        ) as found
        where name not like 'mortise\\_%'
          and not exists (
            select from pg_depend where classid = catalog and objid = found.oid and deptype = 'e')
      ) as others`.execute(db);
  const [found] = rows;
  if (!found || found.schema === null) throw noSchema();
  if (found.ours) return 'ours';
  return found.others ? 'someone else' : 'empty';
}

function noSchema(): DatabaseProblem {
  return new DatabaseProblem({
    code: 'DB_UNAVAILABLE',
    message: 'The schema in the search path of this login does not exist, or the login may not use it.',
    hint: 'The operator has to make it: create schema … authorization …, or to name another.',
    retryable: false,
  });
}

/** Refusal to touch what belongs to somebody else. */
export function notOurs(): DatabaseProblem {
  return new DatabaseProblem({
    code: 'DATABASE_TAKEN',
    message: 'The database holds tables that this server did not make. Nothing was changed.',
    hint: 'Give it an empty database of its own, or an empty schema: postgres://…?options=-csearch_path%3Dname.',
    retryable: false,
  });
}
