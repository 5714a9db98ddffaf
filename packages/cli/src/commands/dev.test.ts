import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { run } from '../run.ts';
import { inspectorOf } from './dev.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'mortise-dev-'));
  const modules = fileURLToPath(new URL('../../../infer/node_modules', import.meta.url));
  symlinkSync(modules, path.join(directory, 'node_modules'), 'junction');
  mkdirSync(path.join(directory, 'src'));
  const compilerOptions = {
    target: 'ES2024',
    module: 'NodeNext',
    types: ['node'],
    strict: true,
    experimentalDecorators: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    customConditions: ['@mortise/source'],
  };
  writeFileSync(path.join(directory, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  const program = `import { createServer, run } from '@mortise/toolkit';
import { Shop } from './shop.ts';
import { surface } from './surface.gen.ts';

await run(createServer({ name: 'shop', version: '1.0.0', surface, setup: () => new Shop() }));
`;
  writeFileSync(path.join(directory, 'src/cli.ts'), program);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function writeShop(method: string, type = 'string'): void {
  const text = `import { tool } from '@mortise/toolkit';

export class Shop {
  /**
   * Is it open?
   * @param day - Of the week
   */
  @tool({ readOnly: true })
  ${method}(day: ${type}): { open: boolean } {
    return { open: Boolean(day) };
  }
}
`;
  writeFileSync(path.join(directory, 'src/shop.ts'), text);
}

async function toolsOf(url: string): Promise<string[]> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const { tools } = await client.listTools();
  await client.close();
  return tools.map(({ name }) => name);
}

it('serves what was saved, and what was there while that cannot be inferred', async () => {
  writeShop('is_open');
  const lines: string[] = [];
  const interrupted = new AbortController();
  const running = run(['dev', '--', '--port', '0'], {
    out: () => undefined,
    err: (line) => lines.push(line),
    directory,
    environment: process.env,
    input: () => Promise.resolve(''),
    signal: interrupted.signal,
  });
  const urls = (): string[] => lines.flatMap((line) => /listens on (\S+)/u.exec(line)?.[1] ?? []);
  const told = async (what: () => unknown): Promise<void> =>
    expect.poll(what, { timeout: 20_000, message: lines.join('\n') }).toBeTruthy();

  await told(() => urls()[0]);
  expect(await toolsOf(urls()[0]!)).toEqual(['is_open']);

  writeShop('is_closed', 'bigint');
  await told(() => lines.find((line) => line.includes('the server stays as it is')));
  expect(lines.find((line) => line.includes('MRT1032'))).toContain('src/shop.ts:9');
  expect(await toolsOf(urls()[0]!)).toEqual(['is_open']);

  writeShop('is_closed');
  await told(() => urls()[1]);
  expect(await toolsOf(urls()[1]!)).toEqual(['is_closed']);
  await expect(toolsOf(urls()[0]!)).rejects.toThrow(/fetch failed/u);

  interrupted.abort();
  expect(await running).toBe(0);
  await expect(toolsOf(urls()[1]!)).rejects.toThrow(/fetch failed/u);
});

it('opens the official Inspector on the address of the server', () => {
  expect(inspectorOf('http://127.0.0.1:3000/mcp')).toEqual({
    command: 'npx',
    args: [
      '--yes',
      '@modelcontextprotocol/inspector',
      '--transport',
      'http',
      '--server-url',
      'http://127.0.0.1:3000/mcp',
    ],
  });
});
