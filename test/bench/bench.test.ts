import { expect, test } from 'vitest';

import budget from './budget.json' with { type: 'json' };
import { HttpLoad } from './http-load.ts';
import type { Era } from './messages.ts';
import { StdioLoad } from './stdio-load.ts';
import { RunningTarget, type Target, TARGETS } from './target.ts';

// Counted are the bytes that a call allocates beyond what bare node does for one: no clock has a part in it, and a
// change that makes calls dearer has to say so in budget.json.
const CALLS = 10_000;
/** Until then the compiler has seen to everything; on a busy machine that takes more time, not more calls. */
const WARM = 20_000;
const ROUND_MS = 100;

/** Two counts of the same differ by a few per cent, since they are samples. */
const SPARE = 1.15;

const ERAS: readonly Era[] = ['2026', '2025'];

test.each(ERAS)('a call over HTTP in %s is answered right and within its budget', async (era) => {
  const own = (await overHttp(TARGETS.mortise, era)) - (await overHttp(TARGETS.floor, era));
  console.log(`measured: a call over HTTP in ${era} allocates ${own.toFixed(0)} bytes more than bare node`);
  expect(own).toBeLessThan(budget[`HTTP ${era}`] * SPARE);
});

test.each(ERAS)('a call over stdio in %s is answered right and within its budget', async (era) => {
  const own = (await overStdio(TARGETS.mortise, era)) - (await overStdio(TARGETS.floor, era));
  console.log(`measured: a call over stdio in ${era} allocates ${own.toFixed(0)} bytes more than bare node`);
  expect(own).toBeLessThan(budget[`stdio ${era}`] * SPARE);
});

async function overHttp(target: Target, era: Era): Promise<number> {
  await using running = await RunningTarget.http(target);
  const load = await HttpLoad.open(running.port, era, 'tools/call', 16); // checks the answers
  const bytes = await bytesPerCall(running, (milliseconds) => load.round(milliseconds));
  load.close();
  return bytes;
}

async function overStdio(target: Target, era: Era): Promise<number> {
  await using running = RunningTarget.stdio(target);
  const load = new StdioLoad(running, era);
  await load.open(); // checks the answers
  return await bytesPerCall(running, (milliseconds) => load.round(milliseconds, 32));
}

async function bytesPerCall(
  running: RunningTarget,
  round: (milliseconds: number) => Promise<{ calls: number }>,
): Promise<number> {
  const make = async (least: number): Promise<number> => {
    let calls = 0;
    while (calls < least) calls += (await round(ROUND_MS)).calls;
    return calls;
  };
  await make(WARM);
  let calls = 1;
  const bytes = await running.allocations(async () => {
    calls = await make(CALLS);
  });
  return bytes / calls;
}
