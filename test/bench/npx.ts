// What a user waits for: from `npx <packed server>` to the first answer, where npm has never run (cold) and where it has
// (warm), beside npm's own install of the same packages and the server without npx. Prints medians in seconds (the least
// in brackets), fails where a target is missed.
// npm run build && node --conditions=@mortise/source test/bench/npx.ts [rounds]
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';

import { EmptyHome } from '../packaging/empty-home.ts';
import { pack, publicPackages } from '../packaging/pack.ts';
import { questions } from '../packaging/questions.ts';
import { median } from './median.ts';
import { INITIALIZE, INITIALIZED } from './messages.ts';

const rounds = Number(process.argv[2] ?? 5);
using home = new EmptyHome();
const { workFolder: cwd, environment: env } = home;
const servers = publicPackages.filter(({ isServer }) => isServer);
const tarballs = pack(cwd, servers);

/** Milliseconds from the start of the command. */
interface Waited {
  /** Until `initialize` was answered. */
  readonly handshake: number;
  /** Until the first tool call was answered as well. */
  readonly call: number;
}

/** Starts a server and asks it its question. */
async function wait(name: string, [command, ...words]: readonly [string, ...string[]]): Promise<Waited> {
  const { args, call, answer } = questions[name]!;
  const begin = performance.now();
  const child = spawn(command, [...words, ...args], { cwd, env, stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (...messages: readonly object[]): Promise<string> => {
    for (const message of messages) child.stdin.write(`${JSON.stringify(message)}\n`);
    return String((await lines.next()).value);
  };
  const first = await ask(INITIALIZE);
  const handshake = performance.now() - begin;
  const second = await ask(INITIALIZED, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: call });
  const called = performance.now() - begin;
  child.stdin.end();
  await once(child, 'exit');
  if (!first.includes('protocolVersion') || !second.includes(answer)) throw new Error(`${name}: ${first}\n${second}`);
  return { handshake, call: called };
}

/** Milliseconds that npm takes to install a server where it has never run, and those of the server without npm. */
async function install(name: string): Promise<{ installed: number; alone: Waited }> {
  const folder = mkdtempSync(join(cwd, 'install-'));
  writeFileSync(join(folder, 'package.json'), '{}');
  const begin = performance.now();
  execFileSync('npm', ['install', '--no-audit', '--no-fund', join('..', spec(name))], {
    cwd: folder,
    env,
    stdio: 'pipe',
  });
  const installed = performance.now() - begin;
  const alone = await wait(name, ['node', join(folder, 'node_modules', name, 'dist/cli.js')]);
  rmSync(folder, { recursive: true });
  return { installed, alone };
}

/** npx takes a file for a package only when the path is relative. */
function spec(name: string): string {
  return `./${basename(tarballs.get(name) ?? '')}`;
}

function shown(values: readonly number[]): string {
  return `${(median(values) / 1000).toFixed(2)} (${(Math.min(...values) / 1000).toFixed(2)})`;
}

const npm = execFileSync('npm', ['--version'], { encoding: 'utf8' }).trim();
const load = (loadavg()[0] ?? 0).toFixed(1);
console.log(
  `Node ${process.versions.node}, npm ${npm}, ${availableParallelism()} cores, load ${load}, ${rounds} rounds\n`,
);
console.log(
  '| server | cold, handshake | cold, first call | npm install | warm, handshake | warm, first call | without npx, handshake | target |',
);
console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |');
for (const { name, dependencies = {} } of servers.map(({ manifest }) => manifest)) {
  const npx = ['npx', '--yes', spec(name)] as const;
  const cold: Waited[] = [];
  const warm: Waited[] = [];
  const alone: Waited[] = [];
  const installs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    home.forget();
    const without = await install(name);
    installs.push(without.installed);
    alone.push(without.alone);
    home.forget();
    cold.push(await wait(name, npx));
    warm.push(await wait(name, npx));
  }
  const handshakes = { cold: cold.map((each) => each.handshake), warm: warm.map((each) => each.handshake) };
  const over = median(handshakes.cold.map((each, round) => each - (installs[round] ?? 0)));
  // A server without dependencies starts as it is; the others wait for npm.
  const [target, met] =
    Object.keys(dependencies).length === 0
      ? ['cold ≤ 2 s', median(handshakes.cold) <= 2000]
      : [
          `warm ≤ 1 s; cold ≤ npm install + 1 s (is ${(over / 1000).toFixed(2)} more)`,
          median(handshakes.warm) <= 1000 && over <= 1000,
        ];
  if (!met) process.exitCode = 1;
  const cells = [
    name,
    shown(handshakes.cold),
    shown(cold.map((each) => each.call)),
    shown(installs),
    shown(handshakes.warm),
    shown(warm.map((each) => each.call)),
    shown(alone.map((each) => each.handshake)),
    `${target}: ${met ? 'met' : '**missed**'}`,
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
