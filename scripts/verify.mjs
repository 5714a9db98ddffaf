// `npm test`: everything that proves the project, from formatting to tests on every database engine this machine has.
// The last line sums up all tests: "N passed, N failed".
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startPostgres } from '@mortise/testing';

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

/** The groups of tests; the database tests run once for each engine. */
const legs = [
  { name: 'unit', project: 'unit', engine: () => ({ description: `Node ${process.version.slice(1)}` }) },
  { name: 'artefacts', project: 'artefacts', engine: () => ({ description: `Node ${process.version.slice(1)}` }) },
  { name: 'embedded', project: 'database', engine: embedded },
  { name: 'local', project: 'database', engine: () => startPostgres({ source: 'local' }) },
  { name: 'container', project: 'database', engine: () => startPostgres({ source: 'container' }) },
  ...(process.env.TEST_DATABASE_URL
    ? [{ name: 'given', project: 'database', engine: () => startPostgres({ source: 'url' }) }]
    : []),
];

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
  for (const leg of legs) done.push({ name: leg.name, ...(await runLeg(leg)) });
  return done;
}

async function runLeg({ name, project, engine }) {
  let server;
  try {
    server = await engine();
  } catch (error) {
    const reason = error.message.split('\n')[0];
    console.log(`${name.padEnd(12)} did not run: ${reason}`);
    return { absent: reason };
  }
  try {
    const file = join(scratch, `${name}.json`);
    const { code, output, seconds } = await run(
      name,
      `vitest run --project ${project} --reporter default --reporter json --outputFile.json ${file}`,
      server.url ? { TEST_DATABASE: 'url', TEST_DATABASE_URL: server.url } : { TEST_DATABASE: 'embedded' },
    );
    const counts = await count(file, code);
    const sum = `${counts.passed} passed, ${counts.failed} failed, ${seconds} s`;
    console.log(counts.failed === 0 ? `ok, ${sum}` : `FAILED, ${sum}\n\n${output.trim()}\n`);
    return { ...counts, on: server.description };
  } finally {
    await server[Symbol.asyncDispose]?.();
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
  process.stdout.write(`${name.padEnd(12)} `);
  const start = performance.now();
  const [program, ...args] = command.split(' ');
  const child = spawn(program, args, {
    env: { ...process.env, ...env, DO_NOT_TRACK: '1', TURBO_TELEMETRY_DISABLED: '1' },
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve) => {
    const end = (code) => resolve({ code, output, seconds: ((performance.now() - start) / 1000).toFixed(1) });
    child.on('error', (error) => {
      output += error.message;
      end(1);
    });
    child.on('close', end);
  });
}

async function embedded() {
  const manifest = join('packages/database/node_modules', '@electric-sql/pglite', 'package.json');
  return { description: `PGlite ${JSON.parse(await readFile(manifest, 'utf8')).version}, embedded` };
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
