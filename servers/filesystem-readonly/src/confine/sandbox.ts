import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { restrictWithLandlock } from './landlock.ts';
import { RootError, type Root } from './roots.ts';

/** What the operating system or Node enforces besides this server's own checks. */
export type Sandbox = 'landlock' | 'permission' | 'off';

/** Every value of `--sandbox`. */
export const SANDBOXES: readonly Sandbox[] = ['landlock', 'permission', 'off'];

const MARK = 'FILESYSTEM_READONLY_SANDBOX';

/**
 * Makes the process one that can read little more than the roots. It replaces itself by the same program inside the
 * sandbox (execve, so standard input and output stay as they are) and does not return; called again inside, it checks
 * that the sandbox holds and returns. To be called before standard input is read.
 * @throws RootError when this machine cannot do it: the server does not start with less than was asked for
 */
export function enterSandbox(sandbox: Sandbox, roots: readonly Root[]): void {
  if (sandbox === 'off') return;
  if (process.env[MARK] === sandbox) return assertHolds(sandbox, roots);
  if (process.platform !== 'linux') throw new RootError('--sandbox needs Linux; leave it out, or run in a container.');
  if (!process.execve) throw new RootError('--sandbox needs Node.js 22.15 or newer.');
  const program = dirname(dirname(fileURLToPath(import.meta.url))); // with its package.json, which Node looks for
  const folders = roots.map(({ real }) => real);
  if (sandbox === 'landlock') restrictWithLandlock([...folders, program]);
  const flags = sandbox === 'permission' ? permissionFlags([...folders, program]) : [];
  const [, script = '', ...rest] = process.argv;
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...flags, script, ...rest], {
    ...(process.env as Record<string, string>),
    OPENSSL_CONF: '/dev/null', // nothing here uses it, and the sandbox does not let it be read
    [MARK]: sandbox,
  });
}

/** Node's permission model checks the path that a call is given, so the walk through descriptors has to be allowed. */
function permissionFlags(folders: readonly string[]): string[] {
  const readable = [...folders.flatMap((folder) => [folder, `${folder}/*`]), '/proc/self/fd', '/proc/self/fd/*'];
  return [
    '--permission',
    '--allow-worker',
    '--disable-warning=SecurityWarning',
    ...readable.map((path) => `--allow-fs-read=${path}`),
  ];
}

function assertHolds(sandbox: Sandbox, roots: readonly Root[]): void {
  const inRoots = (path: string): boolean => roots.some(({ real }) => real === '/' || path.startsWith(real));
  const outside = ['/', '/etc', '/home', '/root'].filter((path) => !inRoots(path));
  for (const path of outside) {
    if (!isReadable(path)) continue;
    throw new RootError(`--sandbox ${sandbox} does not hold on this machine; leave it out, or run in a container.`);
  }
}

function isReadable(folder: string): boolean {
  try {
    readdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
