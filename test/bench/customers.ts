// What customer-db costs on a large database: each kind of call by one client, then sixteen at once, beside the very
// statements that it sends run through `pg` alone. Wrong answers end it; slow ones are in the table.
// node --conditions=@mortise/source --disable-warning=ExperimentalWarning test/bench/customers.ts [--rows=1000000] [--quick]
// TEST_DATABASE says which Postgres (local is the quickest). With TEST_DATABASE=url the filled database stays on the
// server of TEST_DATABASE_URL, and the next run measures at once; --fill only fills, --together leaves out one client.
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

import { operatorCommands } from '@mortise/commerce';
import { type PostgresSource, startPostgres } from '@mortise/testing/postgres';
import { Client as Postgres } from 'pg';

import { bundle } from '../bundle.ts';
import { BareStatements, ServerUnderTest, type Statement } from './customers/contenders.ts';
import { fillShop } from './customers/fill-shop.ts';
import { type Ask, type Kind, reads, searches } from './customers/kinds.ts';
import { type Client, inTurn, part } from './customers/rounds.ts';
import type { ToolCall } from './messages.ts';

const rows = Number(process.argv.find((argument) => argument.startsWith('--rows='))?.slice('--rows='.length) ?? 1e6);
const quick = process.argv.includes('--quick');
const ALONE = quick ? { rounds: 1, milliseconds: 20 } : { rounds: 5, milliseconds: 1_000 };
const TOGETHER = quick ? { rounds: 1, milliseconds: 100 } : { rounds: 7, milliseconds: 3_000 };
const CLIENTS = 16;

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** A kind of call with the statements of each of its calls. */
interface Prepared {
  readonly title: string;
  readonly calls: readonly ToolCall[];
  readonly statements: readonly (readonly Statement[])[];
}

/** As an operator does. */
async function migrate(url: string): Promise<void> {
  const limits = { 'pool-max': undefined, 'statement-timeout': undefined, 'lock-timeout': undefined };
  const place = { 'database-url': url, 'data-dir': undefined, 'allow-superuser': true, tenant: undefined };
  await operatorCommands('bench', false).migrate.run({ ...place, ...limits, 'tenant-claim': undefined }, {});
}

/** The URL of the database with so many customers; fills it where it is not there yet. */
async function filled(server: string): Promise<string> {
  const name = `mortise_shop_${rows}`;
  const url = new URL(server);
  const client = new Postgres({ connectionString: server });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) {
      await client.query(`drop database if exists ${name}_half`);
      await client.query(`create database ${name}_half`);
      url.pathname = `/${name}_half`;
      await migrate(url.href);
      await fillShop(url.href, rows);
      await client.query(`alter database ${name}_half rename to ${name}`);
    }
  } finally {
    await client.end();
  }
  url.pathname = `/${name}`;
  await migrate(url.href);
  return url.href;
}

/** Asks each call once, looks at the answer, and keeps the statements. */
async function prepare(teller: ServerUnderTest, { title, calls: all, isRight }: Kind): Promise<Prepared> {
  const calls = quick ? all.slice(0, 5) : all;
  const statements: Statement[][] = [];
  for (const call of calls) {
    const asked = await teller.statementsOf(call);
    if (!isRight(asked.answer)) {
      throw new Error(`a wrong answer to ${JSON.stringify(call)}: ${JSON.stringify(asked.answer).slice(0, 500)}`);
    }
    statements.push(asked.statements);
  }
  return { title, calls, statements };
}

/** So many clients of the server, and as many of the statements. */
function contenders(
  server: ServerUnderTest,
  bare: BareStatements,
  { calls, statements }: Omit<Prepared, 'title'>,
  clients: number,
): readonly [Client[], Client[]] {
  const requests = calls.map((call) => server.request(call));
  const numbers = Array.from({ length: clients }, (_, client) => client);
  return [
    numbers.map((client) => (place) => server.send(requests[place] ?? Buffer.alloc(0), client)),
    numbers.map(() => (place) => bare.run(statements[place] ?? [])),
  ];
}

function line(...cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}

await using postgres = await startPostgres({ source: process.env['TEST_DATABASE'] as PostgresSource | undefined });
const url = await filled(postgres.url);
if (!process.argv.includes('--fill')) await measure();

async function measure(): Promise<void> {
  // Not inside of the bundle, so that what tells the statements meets the copy of `pg` that sends them.
  const file = here(`../node_modules/customer-db-${process.pid}.mjs`);
  await bundle(here('../../servers/customer-db/src/cli.ts'), file, ['pg']);
  try {
    const environment = {
      DATABASE_URL: url,
      DB_ALLOW_SUPERUSER: 'true',
      MORTISE_STATE_KEY: randomBytes(32).toString('base64url'),
    };
    const target = { name: 'customer-db', file, args: overHttp };
    const telling = { ...target, nodeOptions: ['--import', here('customers/tell-statements.ts')] };
    await using bare = new BareStatements(url);
    const prepared: { searches: Prepared[]; reads: Prepared[] } = { searches: [], reads: [] };
    {
      await using teller = await ServerUnderTest.start(telling, environment);
      await teller.ask({ name: 'get_customers_batch', arguments: { customer_ids: ['CUS-1'] } }); // opens the connection
      const ask: Ask = (call) => teller.ask(call);
      for (const kind of await searches(rows, ask)) prepared.searches.push(await prepare(teller, kind));
      for (const kind of await reads(rows, ask)) prepared.reads.push(await prepare(teller, kind));
    }
    await using server = await ServerUnderTest.start(target, environment);

    const { description } = postgres;
    const machine = `${availableParallelism()} cores, load average ${(loadavg()[2] ?? 0).toFixed(1)}`;
    console.log(`${rows.toLocaleString('en')} customers, ${description}, Node ${process.versions.node}, ${machine}\n`);
    line('one client', 'p50 ms', 'p99 ms', 'SQL alone p50', 'SQL alone p99', 'p50 ×');
    line('---', '---:', '---:', '---:', '---:', '---:');
    const byOne = process.argv.includes('--together') ? [] : [...prepared.searches, ...prepared.reads];
    for (const kind of byOne) {
      const sides = await inTurn(contenders(server, bare, kind, 1), kind.calls.length, ALONE);
      const [whole, alone] = sides.map(({ latencies }) => [part(latencies, 0.5), part(latencies, 0.99)]);
      const [ours = Number.NaN, theirs = Number.NaN] = [whole?.[0], alone?.[0]];
      line(kind.title, ...[...(whole ?? []), ...(alone ?? []), ours / theirs].map((value) => value.toFixed(2)));
    }

    console.log('');
    line(
      `${CLIENTS} clients`,
      'calls/s',
      'p50 ms',
      'p99 ms',
      'SQL alone calls/s',
      'SQL alone p50',
      'p99',
      'SQL ÷ server',
    );
    line('---', ...Array<string>(7).fill('---:'));
    for (const [title, kinds] of [
      ['`search_customers`, all kinds', prepared.searches],
      ['customers and orders, all kinds', prepared.reads],
    ] as const) {
      const mixed = {
        calls: mix(kinds.map(({ calls }) => calls)),
        statements: mix(kinds.map((each) => each.statements)),
      };
      const [whole, alone] = await inTurn(contenders(server, bare, mixed, CLIENTS), mixed.calls.length, TOGETHER);
      const cells = [whole, alone].flatMap(({ perSecond, latencies }) => [
        perSecond.toFixed(0),
        part(latencies, 0.5).toFixed(1),
        part(latencies, 0.99).toFixed(1),
      ]);
      line(title, ...cells, (alone.perSecond / whole.perSecond).toFixed(2));
    }
  } finally {
    await rm(file);
  }
}

function overHttp(port: number): string[] {
  return ['--http', '--port', String(port)];
}

/** One of each list in turn, until the longest was gone through: a short one is gone through more often. */
function mix<Item>(lists: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  const mixed: Item[] = [];
  for (let index = 0; index < longest; index += 1) {
    for (const list of lists) mixed.push(list[index % list.length] as Item);
  }
  return mixed;
}
