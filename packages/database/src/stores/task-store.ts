import { sql, type Kysely } from 'kysely';
import { OwnTable } from './table.ts';

const TABLE = 'mortise_task';

/** A task as `@mortise/toolkit` gives it to its store. */
export interface KeptTask {
  readonly id: string;
  /** Grows by one with every change. */
  readonly version: number;
  /** When it may be forgotten, in milliseconds since 1970. */
  readonly expires: number;
  /** JSON. */
  readonly content: string;
}

/** Keeps tasks; the `TaskStore` of `@mortise/toolkit`. */
export interface KeptTasks {
  create(task: KeptTask): Promise<void>;
  /** The task, unless it is unknown or has expired. */
  read(id: string): Promise<KeptTask | undefined>;
  /** Replaces a task whose version is one below that of `task`; resolves with false when it is another. */
  replace(task: KeptTask): Promise<boolean>;
}

/**
 * Keeps the tasks of a server in its database: they outlive its processes, and every process that shares the database
 * knows them. The table is made on first use, by a role that may. It holds the arguments and results of the calls that
 * became tasks, until they expire.
 *
 * ```ts
 * setup(stack, { useTaskStore }) {
 *   const { db } = stack.use(openDatabase({ url, applicationName: 'reports' }));
 *   useTaskStore(keptTasks(db));
 *   return new Reports(db);
 * }
 * ```
 */
export function keptTasks<Schema>(db: Kysely<Schema>): KeptTasks {
  const table = new OwnTable(
    TABLE,
    'id text primary key, version integer not null, expires timestamptz not null, content text not null',
  );
  return {
    async create({ id, version, expires, content }) {
      await table.on(db);
      await sql`
        with forgotten as (delete from ${sql.table(TABLE)} where expires < now())
        insert into ${sql.table(TABLE)} (id, version, expires, content)
        values (${id}, ${version}, to_timestamp(${expires / 1_000}), ${content})`.execute(db);
    },
    async read(id) {
      await table.on(db);
      const { rows } = await sql<{ version: number; expires: number; content: string }>`
        select version, round(extract(epoch from expires) * 1000)::float8 as expires, content
        from ${sql.table(TABLE)} where id = ${id} and expires > now()`.execute(db);
      return rows[0] && { id, ...rows[0] };
    },
    async replace({ id, version, expires, content }) {
      await table.on(db);
      const { rows } = await sql`
        update ${sql.table(TABLE)}
        set version = ${version}, expires = to_timestamp(${expires / 1_000}), content = ${content}
        where id = ${id} and version = ${version - 1} and expires > now()
        returning id`.execute(db);
      return rows.length === 1;
    },
  };
}
