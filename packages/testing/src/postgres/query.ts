import { Client } from 'pg';

/** Runs one statement on a connection of its own. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The server's version without the distributor's addition: `17.12`. */
export async function readVersion(url: string): Promise<string> {
  const rows = await query(url, 'SHOW server_version');
  return String(rows[0]?.['server_version']).replace(/ .*/, '');
}
