// `npm test`: everything that proves the project, from formatting to tests on every database engine this machine has.
// The last line sums up all tests: "N passed, N failed".
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { startPostgres } from '@mortise/testing/postgres';

const ci = process.env.CI === 'true';
const scratch = await mkdtemp(join(tmpdir(), 'mortise-verify-'));

/** What must hold before a test is worth running; cheap first. */
const checks = [
  ['format', 'oxfmt --check'],
  ['lint', 'oxlint'],
  ['import rule', 'turbo boundaries'],
  ['types', 'tsc -b'],
  ['unused code', 'knip'],
  ['surfaces', 'turbo run infer -- --check'],
  ['bundles', 'turbo run bundle'],
];

/** Of the oldest major that is supported. */
const oldestImage = process.env.POSTGRES_OLDEST_IMAGE ?? 'postgres:15-alpine';

/** What another engine or major of Postgres could answer differently: search, pages, policies, migrations, catalogues. */
const dialect = filesOf([
  'commerce',
  'customers',
  'customers-pages',
  'customers-misspelt',
  'orders',
  'orders-machine',
  'tenancy',
  'check-command',
]);

/** `npm run test:shipping`: what is shipped, as its users get it, and all tests of databases on every engine. Slow. */
const shipping = [
  { name: 'shipping', project: 'shipping', provide: thisNode },
  { name: 'start', project: 'start', provide: thisNode },
  { name: 'runtimes', project: 'runtimes', provide: otherNodes },
  { name: 'local', project: 'database', provide: () => postgres('local') },
  { name: 'oldest', project: 'database', provide: () => postgres('container', oldestImage) },
  { name: 'embedded', project: 'database', provide: embedded },
  { name: 'containers', project: 'containers', provide: containerEngine },
];

/**
 * The groups of tests; those of databases run whole in a container, and of the embedded engine and the oldest Postgres
 * what they could answer differently.
 */
const legs = [
  { name: 'unit', project: 'unit', provide: thisNode },
  { name: 'infer-next', project: 'infer-next', provide: nextTypeScript },
  { name: 'artefacts', project: 'artefacts', provide: thisNode },
  {
    name: 'embedded',
    project: 'database',
    files: [...dialect, ...filesOf(['customer-db', 'data-directory', 'engines'])],
    provide: embedded,
  },
  { name: 'container', project: 'database', provide: () => postgres('container') },
  { name: 'oldest', project: 'database', files: dialect, provide: () => postgres('container', oldestImage) },
  ...(process.env.TEST_DATABASE_URL ? [{ name: 'given', project: 'database', provide: () => postgres('url') }] : []),
];

function filesOf(names) {
  return names.map((name) => `test/database/${name}.test.ts`);
}

const failedChecks = await runChecks();
// On a developer's machine the cheap failure is the one to mend first; elsewhere the whole picture counts.
const results = failedChecks > 0 && !ci ? [] : await runLegs();
await rm(scratch, { recursive: true });
report();

async function runChecks() {
  let failed = 0;
  for (const [name, command] of checks) {
    const { code, output, seconds } = await run(name, command);
    if (code === 0) {
      console.log(`ok, ${seconds} s`);
    } else {
      failed += 1;
      console.log(`FAILED: ${command}\n\n${output.trim()}\n`);
    }
  }
  return failed;
}

async function runLegs() {
  const done = [];
  for (const leg of process.argv.includes('--shipping') ? shipping : legs)
    done.push({ name: leg.name, ...(await runLeg(leg)) });
  return done;
}

async function runLeg({ name, project, files = [], provide }) {
  let ground;
  try {
    ground = await provide();
  } catch (error) {
    const reason = error.message.split('\n')[0];
    console.log(`${name.padEnd(12)} did not run: ${reason}`);
    return { absent: reason };
  }
  try {
    const file = join(scratch, `${name}.json`);
    const reporters = `--reporter default --reporter json --outputFile.json ${file}`;
    const command = ['vitest run --project', project, reporters, ...files].join(' ');
    const { code, output, seconds } = await run(name, command, ground.env);
    const counts = await count(file, code);
    const sum = `${counts.passed} passed, ${counts.failed} failed, ${seconds} s`;
    console.log(counts.failed === 0 ? `ok, ${sum}` : `FAILED, ${sum}\n\n${output.trim()}\n`);
    for (const [line] of output.matchAll(/^measured: .*$/gm)) console.log(`${' '.repeat(13)}${line}`);
    return { ...counts, on: ground.description };
  } finally {
    await ground[Symbol.asyncDispose]?.();
  }
}

/** A test file that could not even start counts as one failure, and so does a run that failed in any other way. */
async function count(file, code) {
  const json = await readFile(file, 'utf8').then(JSON.parse, () => undefined);
  if (!json) return { passed: 0, failed: 1, skipped: 0 };
  const broken = json.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = json.numFailedTests + broken.length;
  return {
    passed: json.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: json.numPendingTests + json.numTodoTests,
  };
}

function run(name, command, env) {
  if (name) process.stdout.write(`${name.padEnd(12)} `);
  const start = performance.now();
  const [program, ...args] = command.split(' ');
  const child = spawn(program, args, {
    env: { ...process.env, ...env, DO_NOT_TRACK: '1', TURBO_TELEMETRY_DISABLED: '1' },
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 600_000,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve) => {
    const end = (code) => resolve({ code, output, seconds: ((performance.now() - start) / 1000).toFixed(1) });
    child.on('error', (error) => {
      output += error.message;
      end(1);
    });
    // Not 'close': a process that a test leaves behind would keep it from coming.
    child.on('exit', (code) => setTimeout(end, 100, code));
  });
}

function thisNode() {
  return { description: `Node ${process.versions.node}` };
}

async function nextTypeScript() {
  const { version } = await manifest('packages/infer', 'typescript-next');
  return { description: `inference on TypeScript ${version}` };
}

/** The packed servers also have to run on the other versions of Node that people have, and to say so on one too old. */
async function otherNodes() {
  if (!ci) throw new Error('it fetches three more versions of Node, which CI=true asks for');
  const nodes = [process.execPath];
  for (const version of ['20', '22', '26']) {
    const { code, output } = await run('', `npx --yes --package node@${version} -- node --print process.execPath`);
    if (code !== 0) throw new Error(`node@${version} cannot be fetched: ${output.trim()}`);
    nodes.push(output.trim().split('\n').at(-1));
  }
  return { description: 'Node 20, 22, 24 and 26', env: { TEST_NODES: nodes.join(delimiter) } };
}

async function postgres(source, image) {
  const server = await startPostgres({ source, image });
  return { ...server, env: { TEST_DATABASE: 'url', TEST_DATABASE_URL: server.url } };
}

async function containerEngine() {
  const { code, output } = await run('', 'docker version --format {{.Server.Version}}');
  if (code !== 0) throw new Error('no container engine answers: start Docker');
  return { description: `Docker ${output.trim()}` };
}

async function embedded() {
  const { version } = await manifest('packages/database', '@electric-sql/pglite');
  return { description: `PGlite ${version}, embedded`, env: { TEST_DATABASE: 'embedded' } };
}

async function manifest(folder, dependency) {
  return JSON.parse(await readFile(join(folder, 'node_modules', dependency, 'package.json'), 'utf8'));
}

function report() {
  console.log();
  for (const { name, absent, on, passed, failed, skipped } of results) {
    const counts = absent === undefined ? `${passed} passed, ${failed} failed, ${skipped} skipped; ${on}` : '';
    console.log(`${name.padEnd(12)} ${counts || `DID NOT RUN: ${absent}`}`);
  }
  const absent = results.filter((result) => result.absent !== undefined).length;
  if (absent > 0 && ci) console.log('Under CI=true a part that does not run is a failure.');
  if (results.length === 0) console.log('The tests wait until the checks above pass.');
  const passed = results.reduce((sum, result) => sum + (result.passed ?? 0), 0);
  const failed = results.reduce((sum, result) => sum + (result.failed ?? 0), failedChecks + (ci ? absent : 0));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
