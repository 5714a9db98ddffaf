import { changeChannel } from '@mortise/database';
import type { ChangeChannel } from '@mortise/toolkit';
import { testDatabase } from '@mortise/testing/postgres';
import pg from 'pg';
import { expect, test, vi } from 'vitest';

const { url, ...database } = await testDatabase();

// the embedded engine belongs to one process, so there is nobody to tell
test.skipIf(url === undefined)(
  'each process hears what any sends, and that a lost connection missed something',
  async () => {
    await using _ = database;
    await using one = changeChannel({ url: url ?? '', applicationName: 'one' });
    await using two = changeChannel({ url: url ?? '', applicationName: 'two' });
    const heard: (string | undefined)[][] = [[], []];
    const channels = [one, two] satisfies ChangeChannel[];
    await Promise.all(channels.map((channel, index) => channel.listen((message) => void heard[index]?.push(message))));
    await one.send('a');
    await two.send('b');
    await vi.waitFor(() =>
      expect(heard).toEqual([
        ['a', 'b'],
        ['a', 'b'],
      ]),
    );
    const client = new pg.Client(url);
    await client.connect();
    await client.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'two'");
    await client.end();
    await vi.waitFor(() => expect(heard[1]).toEqual(['a', 'b', undefined]), 10_000);
    await one.send('c');
    await vi.waitFor(() => expect(heard[1]?.at(-1)).toBe('c'));
  },
);
