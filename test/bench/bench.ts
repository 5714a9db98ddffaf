import { HttpLoad, type Round } from './http-load.ts';
import type { Era, Method } from './messages.ts';
import { RunningTarget, type Target, TARGETS, type Usage } from './target.ts';

const quick = process.argv.includes('--quick');
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length);
const ROUNDS = quick ? 1 : 5;
const ROUND_MS = quick ? 200 : 700;
const CONNECTIONS = 16;

/** What one target did, as medians over the rounds. */
interface Result {
  readonly name: string;
  readonly perSecond: number;
  /** Microseconds of the server's processor time per call. */
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
  readonly rss: number;
}

async function measureHttp(
  title: string,
  era: Era,
  method: Method,
  targets: readonly Target[],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (only !== undefined && !title.includes(only)) return;
  await using stack = new AsyncDisposableStack();
  const contenders: { running: RunningTarget; load: HttpLoad; rounds: (Round & { cpu: number })[] }[] = [];
  for (const target of targets) {
    const more = method === 'tools/list' && target === TARGETS.floor ? { LIST: await listOf(era, environment) } : {};
    const running = stack.use(await RunningTarget.http(target, { ...environment, ...more }));
    const load = await HttpLoad.open(running.port, era, method, CONNECTIONS);
    stack.defer(() => load.close());
    contenders.push({ running, load, rounds: [] });
  }
  for (const { load } of contenders) await load.round(ROUND_MS); // warm
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { running, load, rounds } of contenders) {
      const before = await running.usage();
      const measured = await load.round(ROUND_MS);
      const after = await running.usage();
      rounds.push({ ...measured, cpu: (after.cpu - before.cpu) / measured.calls });
    }
  }
  const results: Result[] = [];
  for (const { running, rounds } of contenders) results.push(summary(running.name, rounds, await running.usage()));
  print(title, results);
}

/** Mortise's answer to `tools/list`, for the floor to write the same bytes. */
async function listOf(era: Era, environment: Readonly<Record<string, string>>): Promise<string> {
  await using running = await RunningTarget.http(TARGETS.mortise, environment);
  const load = await HttpLoad.open(running.port, era, 'tools/list', 1);
  const answer = await load.once();
  load.close();
  return answer.slice(answer.indexOf('"result":') + '"result":'.length, -1);
}

function summary(name: string, rounds: readonly (Round & { cpu: number })[], { rss }: Usage): Result {
  const of = (value: (round: Round & { cpu: number }) => number): number => median(rounds.map(value));
  return {
    name,
    perSecond: of(({ calls, seconds }) => calls / seconds),
    cpu: of(({ cpu }) => cpu),
    p50: of(({ latencies }) => latencies[Math.floor(latencies.length * 0.5)] ?? 0),
    p99: of(({ latencies }) => latencies[Math.floor(latencies.length * 0.99)] ?? 0),
    rss: rss / 2 ** 20,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function print(title: string, results: readonly Result[]): void {
  const floor = results[0] as Result;
  console.log(`\n${title}`);
  console.table(
    Object.fromEntries(
      results.map(({ name, perSecond, cpu, p50, p99, rss }) => [
        name,
        {
          'calls/s': Math.round(perSecond),
          '% of floor': Math.round((perSecond / floor.perSecond) * 1000) / 10,
          'µs CPU/call': Math.round(cpu),
          '% by CPU': Math.round((floor.cpu / cpu) * 1000) / 10,
          'p50 ms': Math.round(p50 * 100) / 100,
          'p99 ms': Math.round(p99 * 100) / 100,
          'p99/floor': Math.round((p99 / floor.p99) * 100) / 100,
          'RSS MB': Math.round(rss),
        },
      ]),
    ),
  );
}

const { floor, mortise, sdkV2, sdkV1, mcpLite, fastmcp } = TARGETS;
await measureHttp('call-2026', '2026', 'tools/call', [floor, mortise, sdkV2]);
await measureHttp('call-2026-200-tools', '2026', 'tools/call', [floor, mortise], { TOOLS: '200' });
await measureHttp('call-2025', '2025', 'tools/call', [floor, mortise, sdkV2, sdkV1, mcpLite, fastmcp]);
await measureHttp('list-2026', '2026', 'tools/list', [floor, mortise, sdkV2], { TOOLS: '50' });
await measureHttp('list-2025', '2025', 'tools/list', [floor, mortise, sdkV2], { TOOLS: '50' });
