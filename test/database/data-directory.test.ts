// A persistent embedded database: what is acknowledged stays, and only one process at a time has it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { demoTemplate, type CommerceSchema } from '@mortise/commerce';
import { describeDatabaseError, openDatabase, type Database, type DatabaseConfig } from '@mortise/database';

const FIXTURE = join(import.meta.dirname, 'fixtures', 'data-directory-process.ts');

async function refusal(database: Database<CommerceSchema>): Promise<ReturnType<typeof describeDatabaseError>> {
  const error: unknown = await database.ping().then(
    () => expect.fail('it was opened'),
    (reason: unknown) => reason,
  );
  await database[Symbol.asyncDispose]();
  return describeDatabaseError(error);
}

describe.runIf(process.env['TEST_DATABASE'] === 'embedded')('a data directory', () => {
  let base: string;
  let dataDirectory: string;
  let children: ChildProcess[];

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'mortise-data-'));
    dataDirectory = join(base, 'shop');
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(base, { recursive: true, force: true });
  });

  function open<Schema = CommerceSchema>(config: Partial<DatabaseConfig> = {}): Database<Schema> {
    return openDatabase<Schema>({ dataDirectory, template: demoTemplate, applicationName: 'test', ...config });
  }

  /** Starts another process on the directory; `lines` gives what it says. */
  function start(mode: 'hold' | 'write'): { child: ChildProcess; lines: AsyncIterator<string> } {
    const args = ['--conditions=@mortise/source', FIXTURE, mode, dataDirectory];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  }

  async function locks(): Promise<string[]> {
    return (await readdir(`${dataDirectory}.lock`)).filter((name) => name.endsWith('.lock'));
  }

  test('begins as the template and keeps what is written', async () => {
    {
      await using first = open();
      await first.db.updateTable('customers').set({ notes: 'kept' }).where('id', '=', 1001).execute();
    }
    await using second = open();
    const row = await second.db.selectFrom('customers').select('notes').where('id', '=', 1001).executeTakeFirst();
    expect(row?.notes).toBe('kept');
    const { rows } = await sql<{ n: number }>`select count(*) as n from customers`.execute(second.db);
    expect(rows[0]?.n).toBe(1_000);
  });

  test('keeps what is written when a query runs too long', async () => {
    await using database = open<{ note: { id: number } }>({ statementTimeout: 2_000 });
    await sql`create table note (id int primary key)`.execute(database.db);
    await database.db.insertInto('note').values({ id: 1 }).execute();
    const slow = sql`select count(*) from generate_series(1, 1000000000)`.execute(database.db);
    await expect(slow).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
    expect(await database.db.selectFrom('note').select('id').execute()).toEqual([{ id: 1 }]);
  });

  test('belongs to one process: another is told which', async () => {
    await using holder = open();
    await holder.ping();
    const other = start('hold');
    expect((await other.lines.next()).value).toBe(
      `Process ${process.pid} has the data directory open, and only one may.`,
    );
    await expect(holder.ping()).resolves.toBeUndefined();
  });

  test('belongs to one handle of a process', async () => {
    await using holder = open();
    await holder.ping();
    expect(await refusal(open())).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: true });
  });

  test('is free when its process has ended, by the same handle that was refused', async () => {
    const other = start('hold');
    expect((await other.lines.next()).value).toBe('open');
    await using database = open();
    await expect(database.ping()).rejects.toThrow(`Process ${other.child.pid} has the data directory open`);
    other.child.stdin?.end();
    await once(other.child, 'exit');
    expect(await locks()).toEqual([]);
    await expect(database.ping()).resolves.toBeUndefined();
  });

  test('has every acknowledged row after kill -9, and the lock is taken over', async () => {
    const writer = start('write');
    const acknowledged: number[] = [];
    while (acknowledged.length < 100) {
      const { value } = await writer.lines.next();
      if (value !== 'open') acknowledged.push(Number(value));
    }
    writer.child.kill('SIGKILL');
    await once(writer.child, 'exit');
    expect(await locks()).toHaveLength(1);

    await using database = open<{ note: { id: number } }>();
    const rows = await database.db.selectFrom('note').select('id').orderBy('id').execute();
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
    expect(await locks()).toHaveLength(1);
  });

  test('is opened by one of several processes that come at once', async () => {
    {
      await using database = open();
      await database.ping();
    }
    const first = await Promise.all(Array.from({ length: 4 }, () => start('hold').lines.next()));
    expect(first.filter(({ value }) => value === 'open')).toHaveLength(1);
  });

  test('locked by a process of another machine is not taken', async () => {
    await mkdir(`${dataDirectory}.lock`);
    await writeFile(
      join(`${dataDirectory}.lock`, `1-1-${'0'.repeat(16)}-00000000-0000-0000-0000-000000000000.lock`),
      '',
    );
    const problem = await refusal(open());
    expect(problem?.message).toContain('Process 1 of another machine or container');
    expect(problem?.hint).toContain('.lock directory');
  });

  test.runIf(process.platform === 'linux')('is taken from a process whose number another one has now', async () => {
    {
      await using database = open();
      await database.ping();
      const [own = ''] = await locks();
      const [, , host = ''] = own.split('-');
      const stale = `${process.ppid}-1-${host}-00000000-0000-0000-0000-000000000000.lock`;
      await writeFile(join(base, 'stale'), stale);
    }
    const stale = await readFile(join(base, 'stale'), 'utf8');
    await writeFile(join(`${dataDirectory}.lock`, stale), '');
    await using again = open();
    await expect(again.ping()).resolves.toBeUndefined();
    expect(await locks()).not.toContain(stale);
  });

  test('with files of somebody else is refused and left alone', async () => {
    await mkdir(dataDirectory);
    await writeFile(join(dataDirectory, 'thesis.txt'), 'do not lose');
    const problem = await refusal(open());
    expect(problem).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: false });
    expect(await readdir(dataDirectory)).toEqual(['thesis.txt']);
  });

  test('that cannot be made is described', async () => {
    await writeFile(join(base, 'file'), '');
    const problem = await refusal(open({ dataDirectory: join(base, 'file', 'shop') }));
    expect(problem).toMatchObject({ code: 'DB_UNAVAILABLE', retryable: false });
    expect(problem?.message).toBe('The data directory cannot be created or written.');
  });

  test('whose creation was cut short is made again', async () => {
    await mkdir(`${dataDirectory}.lock`);
    await writeFile(join(`${dataDirectory}.lock`, 'creating'), '');
    await mkdir(dataDirectory);
    await writeFile(join(dataDirectory, 'PG_VERSION'), '18\n');
    await using database = open();
    const row = await database.db.selectFrom('customers').select('name').where('id', '=', 1001).executeTakeFirst();
    expect(row?.name).toBe('Dana Whitfield');
  });
});
