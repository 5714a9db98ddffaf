// `npm start`: serves the customer database on the embedded Postgres, asks it one question as an MCP client would, shows
// how to connect a client of your own, and goes on serving until Ctrl-C.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

import { connections } from './connections.mjs';

const READY_MS = 30_000;
let server;

const port = Number(process.env.PORT || 3000);
if (!Number.isInteger(port) || port < 1 || port > 65_535)
  fail(`PORT is "${process.env.PORT}"; try PORT=3000 npm start`);
await requireFreePort();
const origin = `http://127.0.0.1:${port}`;
const cli = fileURLToPath(new URL('../servers/customer-db/dist/cli.js', import.meta.url));

await timed('Building customer-db (the first time takes a while)', build);
server = await timed('Starting it on the embedded Postgres', startServer);
const search = { name: 'search_customers', arguments: { query: 'Acme' } };
const { structuredContent } = await timed(`Asking it: ${search.name} ${JSON.stringify(search.arguments)}`, ask);
showCustomers(structuredContent);
const { version } = JSON.parse(await readFile(new URL('../servers/customer-db/package.json', import.meta.url), 'utf8'));
console.log(
  connections(version === '0.0.0' ? [...node(), cli] : ['npx', '-y', '@mortise/customer-db'], `${origin}/mcp`),
);
console.log(`Serving ${origin}/mcp until Ctrl-C.`);

async function requireFreePort() {
  const probe = createServer().listen(port, '127.0.0.1');
  await once(probe, 'listening').catch((error) => {
    const next = port < 65_535 ? port + 1 : port - 1;
    if (error.code === 'EADDRINUSE') fail(`Port ${port} is busy. Choose another: PORT=${next} npm start`);
    fail(`Port ${port} cannot be used (${error.code}). Choose another: PORT=3000 npm start`);
  });
  probe.close();
  await once(probe, 'close');
}

async function build() {
  const args = ['run', 'bundle', '--filter=@mortise/customer-db'];
  const turbo = spawn('turbo', args, {
    env: { ...process.env, DO_NOT_TRACK: '1', TURBO_TELEMETRY_DISABLED: '1' },
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [turbo.stdout, turbo.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(turbo, 'close').catch(() => fail('\nThe build needs turbo: run npm start'));
  if (code !== 0) fail(`\nThe build failed.\n${output}`);
}

async function startServer() {
  const child = spawn(process.execPath, [cli, '--http', '--port', String(port)], {
    // The demo shows its own data, whatever database this shell is set up for.
    env: { ...process.env, DATABASE_URL: undefined },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  const collect = (text) => (log += text);
  child.stderr.setEncoding('utf8').on('data', collect);
  child.on('exit', (code) => {
    if (!log.includes('listens')) fail(log.trim() || `the server ended with ${code}`);
    process.exit(code ?? 1);
  });
  // The server counts signals: two interrupts within a second are one Ctrl-C, a later one ends it at once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const deadline = Date.now() + READY_MS;
  while (!(await answers(`${origin}/healthz`))) {
    if (Date.now() > deadline) {
      child.kill();
      fail(`the server did not answer within ${READY_MS / 1000} s\n${log}`);
    }
    await sleep(50);
  }
  child.stderr.off('data', collect).pipe(process.stderr);
  return child;
}

/** The client will start the server with this machine's own Node, which may be too old; this run has a fetched one then. */
function node() {
  return process.execPath.includes('_npx') ? ['npx', '-y', 'node@24'] : ['node'];
}

function answers(url) {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

async function ask() {
  const client = new Client({ name: 'demo', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${origin}/mcp`)));
  const result = await client.callTool(search);
  await client.close();
  if (result.isError) fail(result.content.map((part) => part.text).join('\n'));
  return result;
}

function showCustomers({ customers }) {
  const rows = customers.map(({ customer_id, name, company, status, open_orders }) => [
    customer_id,
    name,
    company ?? '',
    status,
    ...Object.values(open_orders).map(String),
  ]);
  const openStatuses = Object.keys(customers[0]?.open_orders ?? {}).map((status) => `${status} orders`);
  const table = [['customer', 'name', 'company', 'status', ...openStatuses], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  console.log(`\n${lines.map((line) => `  ${line}`).join('\n')}\n`);
}

async function timed(title, task) {
  process.stdout.write(`${title} ... `);
  const start = performance.now();
  const result = await task();
  console.log(`${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

function fail(message) {
  console.error(message);
  server?.kill();
  process.exit(1);
}
