import { mkdir, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { EmbeddedEngine } from './embedded-engine.ts';
import { EmbeddedPool } from './embedded-pool.ts';
import { sessionSettings } from './session-settings.ts';

/**
 * Writes the file that an embedded database starts as: a fresh Postgres takes seconds to initialise, and this takes its
 * place. A build step, not for use in a server.
 * @param file - Where to write it; its directory is created
 * @param prepare - Fills the database: migrations, rows
 */
export async function writeTemplate<Schema>(file: URL, prepare: (db: Kysely<Schema>) => Promise<void>): Promise<void> {
  const engine = new EmbeddedEngine({
    settings: sessionSettings({ statementTimeout: 0 }),
    // The log of how the rows came about is not needed in the file: keep as little of it as Postgres allows.
    serverSettings: { min_wal_size: '2MB', max_wal_size: '2MB' },
  });
  const pool = new EmbeddedPool(engine, { statementTimeout: 0, connectTimeout: 1_000 });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    await prepare(db);
    await sql`vacuum full analyze`.execute(db);
    await sql`checkpoint`.execute(db);
    const reply = await (await engine.session()).send({ type: 'dump' }, 0);
    if (reply.type !== 'dump') throw new Error('The embedded engine did not give its files.');
    const compressed = await promisify(brotliCompress)(Buffer.from(reply.tar), {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 9,
        // Three databases with the same system tables lie far apart in the file: the window has to reach.
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      },
    });
    await mkdir(new URL('.', file), { recursive: true });
    await writeFile(file, compressed);
  } finally {
    await db.destroy();
  }
}
