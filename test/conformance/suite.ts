import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** One thing that the suite looked at. */
interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'INFO' | 'SKIPPED';
  readonly errorMessage?: string;
}

/** What a run of the suite found. */
export interface Report {
  readonly successes: number;
  /** `scenario: check: what was wrong`, for every failure and warning of every scenario, required or not. */
  readonly problems: readonly string[];
}

// the package exports nothing: it is a command
const suite = join(import.meta.dirname, '../node_modules/@modelcontextprotocol/conformance/dist/index.js');

/** Runs the official suite against a server that is running. */
export async function runSuite(url: string, leg: readonly string[]): Promise<Report> {
  const directory = await mkdtemp(join(tmpdir(), 'mortise-conformance-'));
  try {
    // its exit code counts required scenarios only: the files tell everything
    await promisify(execFile)(process.execPath, [suite, 'server', '--url', url, ...leg, '-o', directory]).catch(
      () => {},
    );
    return await readReport(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function readReport(directory: string): Promise<Report> {
  let successes = 0;
  const problems: string[] = [];
  for (const folder of (await readdir(directory)).toSorted()) {
    const checks = JSON.parse(await readFile(join(directory, folder, 'checks.json'), 'utf8')) as Check[];
    const scenario = folder.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '');
    successes += checks.filter(({ status }) => status === 'SUCCESS').length;
    for (const { id, status, errorMessage } of checks) {
      if (status === 'FAILURE' || status === 'WARNING') problems.push(`${scenario}: ${id}: ${errorMessage ?? status}`);
    }
  }
  return { successes, problems };
}
