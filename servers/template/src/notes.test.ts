import { openDatabase } from '@mortise/database';
import { testClient } from '@mortise/testing';
import { startPostgres, type Postgres } from '@mortise/testing/postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Notes } from './notes.ts';
import server from './server.ts';
import { migrate, type Tables } from './tables.ts';

let postgres: Postgres;

beforeAll(async () => {
  postgres = await startPostgres();
  await using database = openDatabase<Tables>({ url: postgres.url, applicationName: 'test' });
  await migrate(database);
});
afterAll(() => postgres[Symbol.asyncDispose]());

test.each(['2025', '2026'] as const)('a client of %s writes a note and finds it', async (era) => {
  await using t = await testClient(server, { era, options: { 'database-url': postgres.url } });
  const { note_id } = await t.of(Notes).add_note(`Call Bob in ${era}`);
  expect(await t.of(Notes).search_notes(`bob in ${era}`)).toMatchObject({ notes: [{ note_id }] });
  const { contents } = await t.client.readResource({ uri: `note://${note_id}` });
  expect(contents).toMatchObject([{ text: expect.stringContaining(`Call Bob in ${era}`) as string }]);
});

test('a prompt names the tool to call', async () => {
  await using t = await testClient(server, { options: { 'database-url': postgres.url } });
  const { messages } = await t.client.getPrompt({ name: 'summarize_notes', arguments: { topic: 'Bob' } });
  expect(messages).toMatchObject([{ content: { text: expect.stringMatching(/search_notes with "Bob"/) as string } }]);
});

test('a note that is not there is not found', async () => {
  await using t = await testClient(server, { options: { 'database-url': postgres.url } });
  await expect(t.client.readResource({ uri: 'note://4711' })).rejects.toThrow('There is no such note.');
});
