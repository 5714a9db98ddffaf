// `npm run bench`: Mortise beside the floor and its peers, as ratios within one run; writes docs/performance.md.
// Options: --quick (a look, writes nothing), --only=<part of a title>.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundle } from '../bundle.ts';
import { Awake } from './awake.ts';
import { coldStart } from './cold-start.ts';
import { HttpLoad } from './http-load.ts';
import { Issuer } from './issuer.ts';
import { median } from './median.ts';
import type { Era, Method } from './messages.ts';
import { installPeers } from './peers.ts';
import { chart, type Measured, page, table } from './report.ts';
import { StdioLoad } from './stdio-load.ts';
import { RunningTarget, type Target, TARGETS } from './target.ts';

const quick = process.argv.includes('--quick');
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length);
/** Many short ones: a machine is not equally fast for a minute, and in the middle of many that does not show. */
const ROUNDS = quick ? 3 : 21;
const ROUND_MS = quick ? 200 : 150;
const WARM_MS = 400;
const CONNECTIONS = 16;

/** One contender of an interleaved measurement. */
interface Contender {
  readonly running: RunningTarget;
  readonly round: (milliseconds: number) => Promise<{ calls: number; seconds: number; latencies?: readonly number[] }>;
}

interface Round {
  readonly perSecond: number;
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
}

/** Runs the contenders in turn, so that whatever else the machine does meets them all alike. */
async function interleaved(title: string, contenders: readonly Contender[]): Promise<Measured[]> {
  using _ = new Awake();
  const rounds = contenders.map((): Round[] => []);
  // warm; in turns, too: none may wait so long for its next that the server closes its connections
  for (let turn = 0; turn < 4; turn += 1) for (const { round } of contenders) await round(WARM_MS);
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    for (const [index, { running, round }] of contenders.entries()) {
      await round(ROUND_MS / 4); // the others had the caches of the processor meanwhile
      const before = await running.usage();
      const { calls, seconds, latencies = [] } = await round(ROUND_MS);
      const after = await running.usage();
      const at = (part: number): number => latencies[Math.floor(latencies.length * part)] ?? 0;
      const cpu = (after.cpu - before.cpu) / calls;
      rounds[index]?.push({ perSecond: calls / seconds, cpu, p50: at(0.5), p99: at(0.99) });
    }
  }
  return await Promise.all(
    contenders.map(async ({ running }, index) => {
      const of = (value: (round: Round) => number): number => median((rounds[index] ?? []).map(value));
      const rss = (await running.usage()).rss / 2 ** 20;
      const { name } = running;
      const values = { perSecond: of((r) => r.perSecond), cpu: of((r) => r.cpu), p50: of((r) => r.p50) };
      return { title, name, rss, p99: of((r) => r.p99), ...values };
    }),
  );
}

async function overHttp(
  title: string,
  era: Era,
  method: Method,
  tools: number,
  targets: readonly (Target & { readonly tools?: number })[],
): Promise<Measured[]> {
  if (only !== undefined && !title.includes(only)) return [];
  await using stack = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  for (const target of targets) {
    const environment = { TOOLS: String(target.tools ?? tools) };
    const list = method === 'tools/list' && target === TARGETS.floor ? { LIST: await listOf(era, environment) } : {};
    const running = stack.use(await RunningTarget.http(target, { ...environment, ...list }));
    const load = await HttpLoad.open(running.port, era, method, CONNECTIONS);
    stack.defer(() => load.close());
    contenders.push({ running, round: (milliseconds) => load.round(milliseconds) });
  }
  return show(await interleaved(title, contenders));
}

/** What a token (JWT), an audit record and a rate limit in memory cost a call, all three together. */
async function guarded(title: string, era: Era): Promise<Measured[]> {
  if (only !== undefined && !title.includes(only)) return [];
  await using stack = new AsyncDisposableStack();
  const issuer = stack.use(await Issuer.start());
  const contenders: Contender[] = [];
  for (const [target, environment, options, more] of [
    [TARGETS.floor, {}, [], {}],
    [mortise, {}, [], {}],
    [
      { ...mortise, name: 'Mortise, guarded', file: await bundled('servers/mortise-guarded.mjs') },
      {},
      issuer.options,
      { authorization: issuer.authorization },
    ],
  ] as const) {
    const running = stack.use(await RunningTarget.http(target, environment, options));
    const load = await HttpLoad.open(running.port, era, 'tools/call', CONNECTIONS, more);
    stack.defer(() => load.close());
    contenders.push({ running, round: (milliseconds) => load.round(milliseconds) });
  }
  return show(await interleaved(title, contenders));
}

/** Mortise's answer to `tools/list`, for the floor to write the same bytes. */
async function listOf(era: Era, environment: Readonly<Record<string, string>>): Promise<string> {
  await using running = await RunningTarget.http(mortise, environment);
  const load = await HttpLoad.open(running.port, era, 'tools/list', 1);
  const answer = await load.once();
  load.close();
  return answer.slice(answer.indexOf('"result":') + '"result":'.length, -1);
}

async function overStdio(title: string, era: Era, depth: number, targets: readonly Target[]): Promise<Measured[]> {
  if (only !== undefined && !title.includes(only)) return [];
  await using stack = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  for (const target of targets) {
    const running = stack.use(RunningTarget.stdio(target));
    const load = new StdioLoad(running, era);
    await load.open();
    contenders.push({ running, round: (milliseconds) => load.round(milliseconds, depth) });
  }
  return show(await interleaved(title, contenders));
}

/** A server as its users run it: one file of plain JavaScript. */
async function bundled(file: string): Promise<string> {
  const to = join(bundles, basename(file));
  await bundle(fileURLToPath(new URL(file, import.meta.url)), to);
  return to;
}

async function coldStarts(title: string, targets: readonly Target[]): Promise<Measured[]> {
  if (only !== undefined && !title.includes(only)) return [];
  const files: string[] = [];
  for (const { file } of targets) files.push(isAbsolute(file) ? file : await bundled(file));
  const times = files.map((): number[] => []);
  for (let turn = 0; turn < (quick ? 3 : 11); turn += 1) {
    for (const [index, file] of files.entries()) times[index]?.push(await coldStart(file));
  }
  return show(targets.map(({ name }, index) => ({ title, name, milliseconds: median(times[index] ?? []) })));
}

function show(results: Measured[]): Measured[] {
  console.log(`\n${results[0]?.title}\n${table(results)}`);
  return results;
}

const { floor, sdkV2, sdkV1, mcpLite, fastmcp } = TARGETS;
const bundles = await mkdtemp(join(tmpdir(), 'mortise-bench-'));
const mortise: Target = { ...TARGETS.mortise, file: await bundled(TARGETS.mortise.file), nodeOptions: [] };
const peers = installPeers();
const withPeers = (...more: Target[]): Target[] => [floor, mortise, ...(peers ? more : [])];

const results = [
  await overHttp('HTTP tools/call, 2026-07-28, 10 tools', '2026', 'tools/call', 10, [
    ...withPeers(sdkV2),
    { ...mortise, name: 'Mortise, 200 tools', tools: 200 },
  ]),
  await overHttp(
    'HTTP tools/call, 2025-11-25, 10 tools',
    '2025',
    'tools/call',
    10,
    withPeers(sdkV2, sdkV1, mcpLite, fastmcp),
  ),
  await overHttp('HTTP tools/list, 2026-07-28, 50 tools', '2026', 'tools/list', 50, withPeers(sdkV2)),
  await overHttp('HTTP tools/list, 2025-11-25, 50 tools', '2025', 'tools/list', 50, withPeers(sdkV2, mcpLite)),
  await guarded('HTTP tools/call, 2026-07-28, with token, audit and rate limit', '2026'),
  await overStdio('stdio tools/call, 2026-07-28, one after the other', '2026', 1, withPeers(sdkV2)),
  await overStdio('stdio tools/call, 2025-11-25, one after the other', '2025', 1, withPeers(sdkV2, sdkV1, fastmcp)),
  await overStdio('stdio tools/call, 2025-11-25, 32 at a time', '2025', 32, withPeers(sdkV2, sdkV1, fastmcp)),
  await coldStarts('Cold start of one bundled file, to the first answer', withPeers(sdkV2, sdkV1)),
].filter((each) => each.length > 0);

await rm(bundles, { recursive: true });

if (!quick && only === undefined) {
  const docs = new URL('../../docs/', import.meta.url);
  await writeFile(new URL('performance.svg', docs), chart(results));
  await writeFile(new URL('performance.md', docs), page(results));
}
