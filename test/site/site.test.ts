import { existsSync, globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { root } from '../readme/blocks.ts';
import { Site } from './site.ts';

// the generator takes seconds, on a busy machine many
vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const program = process.env['CHROMIUM'] ?? PROGRAMS.find((path) => existsSync(path));

let directory: string;
let site: Site;
let browser: Browser | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mortise-site-'));
  site = await Site.build(directory);
  if (program === undefined && process.env['CI'] === 'true') throw new Error('no Chromium: set CHROMIUM to its path');
  if (program !== undefined) browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
});

afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

/** The pages that the start page leads to, directly or not, and every link that leads nowhere. */
async function crawl(): Promise<{ pages: string[]; dead: string[] }> {
  const seen = new Map<string, { from: string; body: string; status: number }>();
  const pending = [{ path: '/', from: '' }];
  const fragments: { path: string; id: string; from: string }[] = [];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { path, from } = next;
    if (seen.has(path)) continue;
    const response = await fetch(site.url + path);
    const body = response.headers.get('content-type')?.startsWith('text/html') === true ? await response.text() : '';
    seen.set(path, { from, body, status: response.status });
    for (const [, href = ''] of body.matchAll(/<a [^>]*href="([^"]+)"/g)) {
      const url = new URL(href, site.url + path);
      if (url.origin !== site.url) continue;
      pending.push({ path: url.pathname, from: path });
      if (url.hash !== '')
        fragments.push({ path: url.pathname, id: decodeURIComponent(url.hash.slice(1)), from: path });
    }
  }
  const missing = [...seen].filter(([, { status }]) => status !== 200).map(([path, { from }]) => `${from} → ${path}`);
  const nowhere = fragments
    .filter(({ path, id }) => !seen.get(path)?.body.includes(`id="${id}"`))
    .map(({ path, id, from }) => `${from} → ${path}#${id}`);
  return { pages: [...seen.keys()], dead: [...missing, ...new Set(nowhere)] };
}

it('has no link that leads nowhere', async () => {
  const { pages, dead } = await crawl();
  expect(dead).toEqual([]);
  const written = globSync('docs/{*,servers/*}.md', { cwd: root });
  const all = written.map((file) => `/${file.slice('docs/'.length, -'.md'.length).replace(/^index$/, '')}`);
  expect(pages.filter((path) => !path.endsWith('.html'))).toEqual(expect.arrayContaining(all));
});

describe.each([
  ['a phone', { width: 390, height: 844 }],
  ['a desk', { width: 1440, height: 900 }],
])('on %s', (_, viewport) => {
  const errors: string[] = [];

  async function open(path: string): Promise<Page | undefined> {
    if (!browser) {
      // said, not hidden: without CI a machine may have no browser
      process.stderr.write('There is no Chromium here, so that the site is not looked at. Set CHROMIUM to its path.\n');
      return undefined;
    }
    const page = await browser.newPage({ viewport });
    errors.length = 0; // what a page says while it is closed is not its fault
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
    // nothing of the site may come from elsewhere
    await page.route('**/*', (route) =>
      route.request().url().startsWith(site.url) || route.request().url().startsWith('data:')
        ? route.continue()
        : route.abort(),
    );
    await page.goto(site.url + path, { waitUntil: 'networkidle' });
    return page;
  }

  it.each(['/', '/tools', '/schemas', '/auth', '/performance', '/servers/orders'])('%s fits', async (path) => {
    const page = await open(path);
    if (!page) return;
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(viewport.width);
    expect(await page.locator('main h1').first().innerText()).not.toBe('');
    if (process.env['SCREENSHOTS'] !== undefined) {
      const name = `${viewport.width}${path.replaceAll('/', '-')}.png`;
      await page.screenshot({ path: join(process.env['SCREENSHOTS'], name) });
    }
    expect(errors.splice(0)).toEqual([]);
    await page.close();
  });

  it('is searched without a network', async () => {
    const page = await open('/');
    if (!page) return;
    await page
      .getByRole('button', { name: /search/i })
      .first()
      .click();
    await page.locator('#localsearch-input').fill('refund_order');
    const result = page.locator('.VPLocalSearchBox .results a', { hasText: 'refund_order' }).first();
    await result.click();
    await page.waitForURL(/orders#refund-order/);
    expect(errors.splice(0)).toEqual([]);
    await page.close();
  });
});
