import { afterAll, describe, expect, test } from 'vitest';

import { mortise } from './adapters/mortise.ts';
import { attackAll, attacks } from './attacks.ts';
import { CANARY, fingerprint, hostileTree } from './hostile-tree.ts';
import { race } from './race.ts';
import { Session } from './session.ts';

const linux = process.platform === 'linux';
const tree = await hostileTree();
afterAll(() => tree[Symbol.asyncDispose]());

describe.each(['2025', '2026'] as const)('a client of %s', (era) => {
  test('withstands every attack of the corpus and writes nothing', async () => {
    const before = fingerprint(tree.root);
    let memory = 0;
    const results = await attackAll(mortise(), tree, era, (session) => {
      memory = linux ? session.memory() : 0;
    });
    expect(results.length).toBe(attacks(tree).length);
    expect(results.filter(({ failure }) => failure !== undefined)).toEqual([]);
    expect(fingerprint(tree.root)).toBe(before);
    expect(memory).toBeLessThan(400e6);
  });

  test.runIf(linux)(
    'tells nothing from outside in 25,000 answers while links are exchanged',
    { timeout: 120_000 },
    async () => {
      const result = await race(mortise(), tree, era, 25_000);
      expect(result).toMatchObject({ leaks: 0, silent: 0 });
      expect(result.answers).toBeGreaterThanOrEqual(25_000);
      expect(result.good).toBeGreaterThan(500);
      expect(result.memory).toBeLessThan(600e6); // eight busy threads; it levels off at about 450 MB
    },
  );
});

test('the corpus finds a leak where there is one: a root that holds the outside', async () => {
  await using session = await Session.open(mortise(), [tree.root, tree.outside], '2026');
  const { text } = await session.do({ kind: 'read', path: `${tree.outside}/ledger.txt` });
  expect(text).toContain(CANARY);
});

test('every tool says that it only reads', async () => {
  await using session = await Session.open(mortise(), [tree.root], '2026');
  const { tools } = await session.client.listTools();
  expect(tools.length).toBe(8);
  for (const { annotations } of tools) {
    expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false, openWorldHint: false });
  }
});
