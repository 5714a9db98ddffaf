import { fileURLToPath } from 'node:url';

import { ConfigurationError, createServer, type Problem, type Server } from '@mortise/toolkit';

import manifest from '../package.json' with { type: 'json' };
import { Calls } from './calls.ts';
import { Refusal } from './confine/refusal.ts';
import { holdRoots, RootError, type Root } from './confine/roots.ts';
import { enterSandbox, SANDBOXES, type Sandbox } from './confine/sandbox.ts';
import { FileResources } from './file-resources.ts';
import { FollowedFiles } from './followed.ts';
import type { ProtectionOptions } from './policy/secrets.ts';
import { Prompts } from './prompts.ts';
import { Reading } from './reading.ts';
import { Searching } from './searching.ts';
import { surface } from './surface.gen.ts';
import { WorkerPool } from './worker/pool.ts';

const { version, description } = manifest;

const options = {
  demo: { type: 'boolean', description: 'Serve the sample folder that comes with the package' },
  protect: {
    type: 'string',
    placeholder: 'glob',
    description: 'Files that nobody may read, besides keys and credentials, such as {private/**,*.secret}',
  },
  sandbox: {
    type: 'string',
    placeholder: 'landlock|permission|off',
    description: 'What the kernel or Node enforces besides; landlock needs the package koffi. Default: off',
  },
  'client-roots': {
    type: 'string',
    placeholder: 'narrow|off',
    description: 'narrow: only what lies in the roots that the client names too, if it names any. Default: off',
  },
  'no-protect-defaults': { type: 'boolean', description: 'Let keys and credentials (.ssh, .env, *.pem, …) be read' },
} as const;

const instructions = `Reads files in the allowed directories, which list_roots names. Paths may be relative to them.
Use search_files for names, grep for contents, read_file for a part of a file. Answers are limited; a note in square
brackets says what was left out and how to go on. Files named as keys or credentials are refused on purpose.`.replaceAll(
  '\n',
  ' ',
);

function sandboxOf(given = 'off'): Sandbox {
  const sandbox = SANDBOXES.find((each) => each === given);
  if (!sandbox) throw new ConfigurationError(`--sandbox is one of ${SANDBOXES.join(', ')}.`);
  return sandbox;
}

function isNarrowing(given = 'off'): boolean {
  if (given !== 'narrow' && given !== 'off') throw new ConfigurationError('--client-roots is narrow or off.');
  return given === 'narrow';
}

/** @throws ConfigurationError when nothing was chosen to be read */
function openRoots(folders: readonly string[], demo: boolean, sandbox: Sandbox): Root[] {
  if (folders.length === 0 && !demo) {
    throw new ConfigurationError('Name the folders that may be read: filesystem-readonly ~/Documents (or --demo).');
  }
  if (folders.length > 0 && demo) throw new ConfigurationError('Give folders or --demo, not both.');
  try {
    const roots = holdRoots(demo ? [fileURLToPath(new URL('../demo', import.meta.url))] : folders);
    enterSandbox(sandbox, roots);
    return roots;
  } catch (error) {
    throw error instanceof RootError ? new ConfigurationError(error.message) : error;
  }
}

/**
 * Starts the first thread, so that the first call need not.
 * @throws ConfigurationError when the operator's glob cannot be read
 */
async function warm(pool: WorkerPool): Promise<void> {
  try {
    const { signal } = new AbortController();
    await pool.run('completePath', { typed: '', directoriesOnly: true }, { signal });
  } catch (error) {
    throw error instanceof Refusal ? new ConfigurationError(`--protect: ${error.message}`) : error;
  }
}

function describeError(error: unknown): Problem | undefined {
  if (!(error instanceof Refusal)) return undefined;
  const { code, message, hint } = error;
  return { code, message, hint, retryable: code === 'BUSY' || code === 'CHANGED' || code === 'TIMEOUT' };
}

const server: Server = createServer({
  name: 'filesystem-readonly',
  version,
  description,
  instructions,
  surface,
  options,
  operands: { placeholder: 'folder', description: 'The folders that may be read, with all below them.' },
  describeError,
  setup: async (stack, { options: values, operands }) => {
    const { protect, 'no-protect-defaults': none } = values;
    const rules: ProtectionOptions = { defaults: none !== true, globs: protect === undefined ? [] : [protect] };
    const sandbox = sandboxOf(values.sandbox);
    const narrowing = isNarrowing(values['client-roots']);
    const roots = openRoots(operands, values.demo === true, sandbox);
    const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
    const pool = new WorkerPool({ roots, protection: rules }, new URL(file, import.meta.url));
    // an exit waits for every thread, for one inside a system call for ever
    stack.defer(() => pool.lost > 0 && process.kill(process.pid, 'SIGKILL'));
    stack.use(pool);
    await warm(pool);
    const calls = new Calls(pool, narrowing);
    return [
      new Reading(calls, { protectedFiles: described(rules), sandbox }),
      new Searching(calls),
      new FileResources(calls, stack.use(new FollowedFiles(pool)), roots),
      new Prompts(calls),
    ];
  },
});

function described({ defaults, globs }: ProtectionOptions): string {
  const lists = [...(defaults ? ['keys and credentials'] : []), ...globs.map((glob) => `what matches ${glob}`)];
  return lists.join(', and ') || 'none';
}

export default server;
