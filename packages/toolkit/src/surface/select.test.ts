import { describe, expect, test } from 'vitest';

import { library } from '../auth/fixtures/guarded-library.ts';

import { inProcess } from '../fixtures/client.ts';
import type { ToolSelection } from './select.ts';

const deployment = (tools: ToolSelection): Parameters<typeof inProcess>[4] => ({
  callers: { kind: 'local', subject: 'local' },
  tools,
});

async function offered(tools: ToolSelection): Promise<string[]> {
  await using t = await inProcess(library(), '2026', undefined, undefined, deployment(tools));
  return (await t.client.listTools()).tools.map(({ name }) => name);
}

describe('the operator offers', () => {
  test('some tools, in the order of the server', async () => {
    expect(await offered({ only: ['forgotten', 'read_books'] })).toEqual(['read_books', 'forgotten']);
  });

  test('all but some', async () => {
    expect(await offered({ except: ['burn_books', 'forgotten'] })).toEqual([
      'read_books',
      'write_books',
      'opening_hours',
    ]);
  });

  test('what changes nothing', async () => {
    expect(await offered({ readOnly: true })).toEqual(['read_books', 'opening_hours']);
    expect(await offered({ readOnly: true, except: ['read_books'] })).toEqual(['opening_hours']);
  });

  test('and what is not offered cannot be called either', async () => {
    await using t = await inProcess(library(), '2026', undefined, undefined, deployment({ readOnly: true }));
    await expect(t.call('write_books')).rejects.toMatchObject({ code: -32_602 });
    await expect(t.call('write_book')).rejects.toThrow(/^(?!.*write_books).*$/u);
  });
});

test.each<[ToolSelection, string]>([
  [{ only: ['read_book'] }, '--tools names a tool that this server does not have: read_book. Did you mean read_books?'],
  [
    { except: ['xyzxyz'] },
    '--exclude-tools names a tool that this server does not have: xyzxyz. There are: read_books,',
  ],
  [{ only: ['read_books'], except: ['read_books'] }, 'read_books stands in --tools and in --exclude-tools.'],
  [{ only: ['write_books'], readOnly: true }, 'write_books stands in --tools, but --read-only leaves it out'],
])('a selection that cannot be meant ends the start: %#', async (tools, message) => {
  await expect(offered(tools)).rejects.toThrow(message);
});
