import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { inferProject } from '@mortise/infer';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { bundle } from '../bundle.ts';
import { blocksOf, root } from './blocks.ts';

/** What the class of the README imports and does not show. */
const db = `
export interface Customer { id: string; name: string }
export const db = {
  search: async (query: string, limit: number): Promise<Customer[]> => [{ id: 'CUS-1', name: query + limit }],
};`;

const server = `
import { createServer, run } from '@mortise/toolkit';
import { CustomerDb } from './customer-db.ts';
import { surface } from './surface.gen.ts';
await run(createServer({ name: 'readme', version: '1.0.0', surface, setup: () => new CustomerDb() }));`;

let directory: string;

beforeAll(() => {
  // inside the package, so that the class resolves the toolkit as its users do
  directory = mkdtempSync(join(import.meta.dirname, '../node_modules/readme-'));
  mkdirSync(join(directory, 'src'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function block(language: string): string {
  return blocksOf('README.md').find((each) => each.language === language)?.text ?? '';
}

test('the model sees the JSON of the README when a server is the class of the README', async () => {
  writeFileSync(join(directory, 'src/db.ts'), db);
  writeFileSync(join(directory, 'src/customer-db.ts'), block('ts'));
  writeFileSync(join(directory, 'src/server.ts'), server);
  const configuration = { extends: join(root, 'tsconfig.base.json'), include: ['src'] };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(configuration));
  expect(inferProject({ directory, strict: true }).diagnostics).toEqual([]);
  const file = join(directory, 'server.mjs');
  await bundle(join(directory, 'src/server.ts'), file);

  const client = new Client({ name: 'readme', version: '1.0.0' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [file] }));
  const { tools } = await client.listTools();
  const answer = await client.callTool({ name: 'search_customers', arguments: { query: 'Ann' } });
  await client.close();

  expect(tools).toEqual([JSON.parse(block('json'))]);
  expect(answer.structuredContent).toEqual({ customers: [{ id: 'CUS-1', name: 'Ann10' }] });
});
