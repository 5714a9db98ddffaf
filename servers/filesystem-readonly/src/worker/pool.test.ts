import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { afterAll, expect, test } from 'vitest';

import { holdRoots } from '../confine/roots.ts';
import { WorkerPool, type PoolLimits } from './pool.ts';

const directory = mkdtempSync(join(tmpdir(), 'pool-'));
const fifo = join(directory, 'fifo');
execFileSync('mkfifo', [fifo]);
afterAll(() => rmSync(directory, { recursive: true }));

const quick: Partial<PoolLimits> = { time: 600, grace: 400, cancelGrace: 30 };
const start = { roots: holdRoots([directory]), protection: { defaults: true, globs: [] } };
const never = new AbortController().signal;

/** A pool whose threads run this for each request. */
function pool(body: string, limits: Partial<PoolLimits> = quick): WorkerPool {
  const file = join(directory, `${Math.random()}.mjs`);
  writeFileSync(
    file,
    `import { parentPort } from 'node:worker_threads';
     import { openSync } from 'node:fs';
     const answer = (value) => parentPort.postMessage({ kind: 'answer', value });
     parentPort.on('message', ({ input, stop }) => { ${body} });`,
  );
  return new WorkerPool(start, pathToFileURL(file), limits);
}

const ask = (threads: WorkerPool, input: unknown, signal: AbortSignal = never, searching = false): Promise<unknown> =>
  threads.run('fileInfo', input as never, { signal, searching });

test('a thread that never comes back is given up and replaced; others go on meanwhile', async () => {
  await using threads = pool(`if (input === 'hang') for (;;); answer(input);`);
  const hanging = ask(threads, 'hang');
  expect(await ask(threads, 'beside')).toBe('beside');
  await expect(hanging).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(await ask(threads, 'after')).toBe('after');
});

test.runIf(process.platform === 'linux')('even one that the kernel holds in a system call', async () => {
  await using threads = pool(`if (input === 'hang') openSync(${JSON.stringify(fifo)}, 'r'); answer(input);`, {
    ...quick,
    lost: 2,
  });
  await expect(ask(threads, 'hang')).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(await ask(threads, 'after')).toBe('after');
  expect(threads.lost).toBe(1);
  await Promise.allSettled([ask(threads, 'hang'), ask(threads, 'hang')]);
  await expect(ask(threads, 'hang')).rejects.toMatchObject({ code: 'BUSY' });
  closeSync(openSync(fifo, 'w')); // lets them go
  await expect.poll(() => threads.lost).toBe(0);
});

test('a call that is cancelled ends at once, and its thread takes 100 ms of processor time at most', async () => {
  await using threads = pool(
    `if (input === 'deaf') for (;;);
    if (input === 'polite') while (Atomics.load(new Int32Array(stop), 0) === 0); answer(input);`,
    { ...quick, time: 60_000 },
  );
  for (const input of ['polite', 'deaf']) {
    const controller = new AbortController();
    const call = ask(threads, input, controller.signal);
    await setTimeout(20);
    const before = process.cpuUsage();
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    await setTimeout(400);
    const { user, system } = process.cpuUsage(before);
    // the rest of the process takes a little too; a thread that goes on would take all of the 400 ms
    expect((user + system) / 1_000).toBeLessThan(150);
    await expect.poll(() => threads.lost, { timeout: 5_000 }).toBe(0);
  }
  const cancelled = AbortSignal.abort(new Error('before'));
  await expect(ask(threads, 'x', cancelled)).rejects.toThrow('before');
});

test('searches never take the last threads, and wait for their turn', async () => {
  await using threads = pool(`if (input === 'slow') setTimeout(() => answer(input), 400); else answer(input);`, {
    threads: 2,
    searching: 1,
    time: 5000,
  });
  const order: string[] = [];
  const note = (name: string, call: Promise<unknown>): Promise<unknown> => call.then(() => order.push(name));
  await Promise.all([
    note('first search', ask(threads, 'slow', never, true)),
    note('second search', ask(threads, 'slow', never, true)),
    note('read', ask(threads, 'quick')),
  ]);
  expect(order).toEqual(['read', 'first search', 'second search']);
});

test('a thread that runs out of memory costs one call', async () => {
  await using threads = pool(
    `if (input === 'much') { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())); } answer(input);`,
    { time: 20_000 },
  );
  await expect(ask(threads, 'much')).rejects.toMatchObject({ code: 'TOO_LARGE' });
  expect(await ask(threads, 'after')).toBe('after');
}, 30_000);
