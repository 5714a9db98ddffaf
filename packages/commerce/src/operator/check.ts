import { describeDatabaseError } from '@mortise/database';
import { type Kysely, sql } from 'kysely';

import { type ConnectionValues, openCommerce } from '../command-line.ts';
import { schemaVersion } from '../migrate.ts';
import { ignoresAccents } from '../norm.ts';
import type { CommerceSchema } from '../schema.ts';
import { type Finding, report } from './finding.ts';
import { checkIndexes } from './indexes.ts';
import { checkLogin } from './login.ts';
import { checkRules } from './rules.ts';
import { whoseDatabase } from './whose-database.ts';

/** The oldest Postgres that the tests run on. */
const OLDEST = 15;

/**
 * Looks whether a server can work on the database that the operator named, as the login that was named. Reads only.
 * @param applicationName - The server's name, for the commands that it tells
 * @param writes - Whether the server has tools that write
 * @returns What was found, each with what mends it; `failed` where something is an error
 */
export async function checkCommerce(
  values: ConnectionValues,
  applicationName: string,
  writes: boolean,
): Promise<{ text: string; failed: boolean }> {
  const plain = openCommerce(values, { applicationName, readOnly: true, schema: undefined, access: undefined });
  const found: Finding[] = [];
  try {
    const isUsable = await checkDatabase(plain.db, applicationName, found);
    // Nobody logs in to the embedded engine.
    if (isUsable && plain.engine === 'postgres') {
      const served = openCommerce(values, { applicationName, readOnly: true });
      found.push(...(await checkLogin(served, writes)));
      await served[Symbol.asyncDispose]();
    }
  } catch (error) {
    const problem = describeDatabaseError(error);
    if (!problem) throw error;
    found.push({ subject: 'connection', severity: 'error', text: problem.message, fix: problem.hint });
  } finally {
    await plain[Symbol.asyncDispose]();
  }
  return report(found);
}

/** Looks at the database itself; resolves with whether a server can begin at all. */
async function checkDatabase(db: Kysely<CommerceSchema>, name: string, found: Finding[]): Promise<boolean> {
  found.push(...(await checkServer(db)));
  const schema = await checkSchema(db, name);
  found.push(schema);
  if (schema.severity === 'error') return false;
  const hasTrigram = await isInstalled(db, 'pg_trgm');
  found.push(...(await checkExtensions(db, hasTrigram, name)));
  found.push(...(await checkIndexes(db, hasTrigram)));
  found.push(...(await checkRules(db, `${name} migrate`)));
  return true;
}

async function checkServer<Schema>(db: Kysely<Schema>): Promise<Finding[]> {
  const { rows } = await sql<{ version: string; major: number; encoding: string }>`
    select split_part(current_setting('server_version'), ' ', 1) as version,
      current_setting('server_version_num')::int / 10000 as major, getdatabaseencoding() as encoding`.execute(db);
  const [{ version, major, encoding } = { version: '?', major: 0, encoding: '?' }] = rows;
  const subject = 'server';
  const found: Finding[] = [{ subject, severity: 'ok', text: `PostgreSQL ${version}, ${encoding}.` }];
  if (major < OLDEST) {
    const text = `PostgreSQL ${version} is older than ${OLDEST}, with which nobody has tried.`;
    found.push({ subject, severity: 'error', text, fix: `upgrade to PostgreSQL ${OLDEST} or newer` });
  }
  if (encoding !== 'UTF8') {
    const text = `the encoding ${encoding} cannot hold every text.`;
    found.push({ subject, severity: 'error', text, fix: `create database … encoding 'UTF8' template template0` });
  }
  return found;
}

async function checkSchema<Schema>(db: Kysely<Schema>, name: string): Promise<Finding> {
  const subject = 'schema';
  const whose = await whoseDatabase(db);
  if (whose === 'someone else') {
    const text = 'the database holds tables that this server did not make.';
    return { subject, severity: 'error', text, fix: 'name an empty database, or one that a server of ours migrated' };
  }
  if (whose === 'empty') {
    return { subject, severity: 'error', text: 'the database is empty.', fix: `run ${name} migrate` };
  }
  const { rows } = await sql<{ name: string }>`
    select name from mortise_migration order by name collate "C" desc limit 1`.execute(db);
  const newest = rows[0]?.name ?? 'none';
  if (newest >= schemaVersion) return { subject, severity: 'ok', text: `${newest}.` };
  return { subject, severity: 'error', text: `${newest}, older than ${schemaVersion}.`, fix: `run ${name} migrate` };
}

async function isInstalled<Schema>(db: Kysely<Schema>, extension: string): Promise<boolean> {
  const { rows } = await sql`select from pg_extension where extname = ${extension}`.execute(db);
  return rows.length > 0;
}

async function checkExtensions<Schema>(db: Kysely<Schema>, hasTrigram: boolean, name: string): Promise<Finding[]> {
  const { rows } = await sql<{ unaccent: boolean }>`select ${ignoresAccents} as unaccent`.execute(db);
  const subject = 'extensions';
  const lacking = (extension: string, consequence: string): Finding => ({
    subject,
    severity: 'warning',
    text: `${extension} is not used: ${consequence}`,
    fix: `as a superuser: create extension if not exists ${extension}; then run ${name} migrate`,
  });
  const found = [
    ...(hasTrigram ? [] : [lacking('pg_trgm', 'what is spelt alike is not found, and parts of names slowly.')]),
    ...(rows[0]?.unaccent ? [] : [lacking('unaccent', 'who looks for Muller does not find Müller.')]),
  ];
  return found.length > 0 ? found : [{ subject, severity: 'ok', text: 'pg_trgm and unaccent.' }];
}
