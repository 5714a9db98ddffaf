import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

import { expect, test, vi } from 'vitest';

import { Page } from './page.ts';

/** A Redis of its own, in memory; undefined where none is installed. */
async function startRedis(): Promise<{ url: string; stop: () => Promise<unknown> } | undefined> {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  taken.close();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const redis = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const started = new Promise<boolean>((resolve) => {
    redis.once('error', () => resolve(false));
    redis.once('exit', () => resolve(false));
    redis.stdout.on('data', (text: Buffer) => text.includes('Ready to accept connections') && resolve(true));
  });
  if (!(await started)) return undefined;
  const stop = (): Promise<unknown> => {
    const ended = once(redis, 'exit');
    redis.kill();
    return ended;
  };
  return { url: `redis://127.0.0.1:${port}`, stop };
}

test('servers share a limit through Redis, by the code of the documentation', async () => {
  const redis = await startRedis();
  if (!redis) {
    if (process.env['CI'] === 'true') throw new Error('no redis-server: install it');
    return void process.stderr.write(
      'There is no redis-server here, so that a limit shared through Redis is not tested.\n',
    );
  }
  vi.stubEnv('REDIS_URL', redis.url);
  using page = Page.of('docs/middleware.md');
  {
    await using one = await page.run('RateLimiterRedis');
    await using two = await page.run('RateLimiterRedis');
    expect(await one.text('ping')).toBe('pong');
    expect(await two.text('ping')).toBe('pong');
    expect(await one.text('ping')).toMatch(/^RATE_LIMITED: There were too many calls\. Wait \d+ s/);
    expect(await two.text('ping')).toMatch(/^RATE_LIMITED/);
  }
  await redis.stop();
});
