// Attacks our bundle and the official server of npm alike and writes what came of it to docs/filesystem-security.md:
// node --conditions=@mortise/source test/filesystem/report.ts [raced answers of each server]
// With the file of an adapter (a module that exports `adapter`), it attacks that server and prints what came of it:
// node --conditions=@mortise/source test/filesystem/report.ts 10000 my-adapter.ts
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { Adapter } from './adapters/adapter.ts';
import { mortise } from './adapters/mortise.ts';
import { official } from './adapters/official.ts';
import { attackAll, type AttackResult } from './attacks.ts';
import { fingerprint, hostileTree } from './hostile-tree.ts';
import { race, type RaceResult } from './race.ts';

const PACKAGE = '@modelcontextprotocol/server-filesystem';
const [wanted = '50000', adapterFile] = process.argv.slice(2);
const RACED = Number(wanted);

interface Report {
  readonly name: string;
  readonly attacks: readonly AttackResult[];
  readonly race: RaceResult;
  readonly wrote: boolean;
}

async function reportOn(adapter: Adapter): Promise<Report> {
  await using tree = await hostileTree();
  const before = fingerprint(tree.root);
  const attacks = await attackAll(adapter, tree, '2025');
  const wrote = fingerprint(tree.root) !== before;
  return { name: adapter.name, attacks, race: await race(adapter, tree, '2025', RACED), wrote };
}

async function installed(version: string, folder: string): Promise<Adapter> {
  const prefix = join(folder, version);
  execFileSync('npm', ['install', '--prefix', prefix, '--no-audit', '--no-fund', `${PACKAGE}@${version}`], {
    stdio: 'ignore',
  });
  const home = join(prefix, 'node_modules', PACKAGE);
  const manifest = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string };
  return official(`official ${manifest.version}`, join(home, 'dist/index.js'));
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function markdown(reports: readonly Report[]): string {
  const groups = [...new Set(reports.flatMap(({ attacks }) => attacks.map(({ group }) => group)))];
  const header = [row('attacks', ...reports.map(({ name }) => name)), row('---', ...reports.map(() => '---'))];
  const rows = groups.map((group) =>
    row(
      group,
      ...reports.map(({ attacks }) => {
        const own = attacks.filter((each) => each.group === group);
        const failed = own.filter(({ failure }) => failure !== undefined).length;
        return failed === 0 ? `withstood ${own.length}` : `**failed ${failed} of ${own.length}**`;
      }),
    ),
  );
  const raced = row(
    'race: calls that leaked',
    ...reports.map(({ race: { leaks, answers, silent } }) => {
      const text = `${leaks.toLocaleString('en-US')} (${answers.toLocaleString('en-US')} answers${silent > 0 ? `, ${silent} without an answer` : ''})`;
      return leaks === 0 ? text : `**${text}**`;
    }),
  );
  const wrote = row('writes', ...reports.map((report) => (report.wrote ? '**yes**' : 'none')));
  const failures = reports.flatMap(({ name, attacks }) => {
    const failed = attacks.filter(({ failure }) => failure !== undefined);
    const lines = failed.map(({ group, name: attack, failure }) => `- ${group}, ${attack}: ${cell(failure ?? '')}`);
    return lines.length === 0 ? [] : [`### ${name}`, '', ...lines, ''];
  });
  const failed = failures.length === 0 ? [] : ['', '## What failed', '', ...failures];
  return [...header, ...rows, raced, wrote, ...failed].join('\n').trimEnd();
}

function cell(failure: string): string {
  const short = failure
    .replaceAll(/\/\S*hostile-\w+/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('`', "'");
  return /^(?:silent|dead)$/.test(short)
    ? { silent: 'no answer in time', dead: 'the connection ended' }[short as 'silent' | 'dead']
    : `\`${short.slice(0, 110)}\``;
}

if (adapterFile === undefined) await writePage();
else {
  const { adapter } = (await import(pathToFileURL(resolve(adapterFile)).href)) as { readonly adapter: Adapter };
  process.stdout.write(`${markdown([await reportOn(adapter)])}\n`);
}

async function writePage(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'peers-'));
  try {
    const adapters = [mortise(), await installed('latest', folder), await installed('2.0.1', folder)];
    const reports: Report[] = [];
    for (const adapter of adapters) {
      reports.push(await reportOn(adapter));
      process.stderr.write(`${adapter.name}: done\n`);
    }
    const file = new URL('../../docs/filesystem-security.md', import.meta.url);
    const text = await readFile(file, 'utf8');
    const made = `Made on ${new Date().toISOString().slice(0, 10)} with Node ${process.version.slice(1)} on ${process.platform}.`;
    const table = `${made}\n\n${markdown(reports)}\n`;
    await writeFile(
      file,
      text.replace(/(<!-- results -->\n)[^]*(<!-- end -->)/, (_, a: string, b: string) => `${a}\n${table}\n${b}`),
    );
    execFileSync('pnpm', ['exec', 'oxfmt', fileURLToPath(file)], { stdio: 'ignore' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
