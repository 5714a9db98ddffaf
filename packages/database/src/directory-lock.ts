import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseProblem } from './errors.ts';

/** Two processes that come at the same moment both step back; after as many tries the directory counts as taken. */
const TRIES = 5;

/** Who holds a lock. It is the name of the file, since a name appears at once and complete, and its content does not. */
interface Holder {
  readonly process: number;
  /** When the process started, in ticks since boot; `0` where the system does not say. Tells a reused number apart. */
  readonly started: string;
  /** The machine and its process numbering: containers that share a directory do not share numbers. */
  readonly host: string;
}

const NAME = /^(\d+)-(\d+)-([0-9a-f]+)-[0-9a-f-]+\.lock$/;

async function startTime(process: number | 'self'): Promise<string> {
  const stat = await readFile(`/proc/${process}/stat`, 'latin1').catch(() => '');
  // The second field, the name in parentheses, may hold spaces; the start time is the 20th after it (proc(5)).
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
}

async function hostIdentity(): Promise<string> {
  const numbering = await readlink('/proc/self/ns/pid').catch(() => '');
  return createHash('sha256').update(`${hostname()} ${numbering}`).digest('hex').slice(0, 16);
}

async function isAlive(holder: Holder, here: string): Promise<boolean> {
  // Nothing can be known of a process elsewhere, so it counts as alive.
  if (holder.host !== here) return true;
  try {
    process.kill(holder.process, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = await startTime(holder.process);
  return started === '0' || holder.started === '0' || started === holder.started;
}

function taken(holder: Holder, here: string): DatabaseProblem {
  const who =
    holder.host === here ? `Process ${holder.process}` : `Process ${holder.process} of another machine or container`;
  return new DatabaseProblem({
    code: 'DB_UNAVAILABLE',
    message: `${who} has the data directory open, and only one may.`,
    hint:
      'The operator has to stop that server or to give this one another --data-dir' +
      (holder.host === here ? '.' : '; if that one is gone, delete the .lock directory beside the data directory.'),
    retryable: true,
  });
}

/**
 * Keeps a directory to one process: two engines on one directory lose acknowledged rows without an error.
 *
 * The lock is a directory beside the one it guards, with a file for each process that wants it. A process first writes
 * its own file, then looks: where it finds a living other it takes its file back and gives up. So nobody ever removes
 * the file of a living process, and what a crash leaves behind is removed by the next.
 */
export class DirectoryLock {
  /** Where the lock lives; other files about the guarded directory may live there as well. */
  readonly directory: string;
  readonly #file: string;

  private constructor(directory: string, file: string) {
    this.directory = directory;
    this.#file = file;
  }

  /**
   * Takes the lock of a directory, which need not exist.
   * @throws DatabaseProblem `DB_UNAVAILABLE`, naming the process that has it
   */
  static async acquire(guarded: string): Promise<DirectoryLock> {
    const directory = `${guarded}.lock`;
    await mkdir(directory, { recursive: true });
    const host = await hostIdentity();
    const own = `${process.pid}-${await startTime('self')}-${host}-${randomUUID()}.lock`;
    for (let attempt = 1; ; attempt += 1) {
      await writeFile(join(directory, own), '', { flag: 'wx' });
      const other = await findOther(directory, own, host);
      if (!other) return new DirectoryLock(directory, join(directory, own));
      await rm(join(directory, own), { force: true });
      if (attempt === TRIES) throw taken(other, host);
      await sleep(50 + Math.random() * 150);
    }
  }

  /** Gives the lock back; a second call does nothing. */
  async release(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

async function findOther(directory: string, own: string, here: string): Promise<Holder | undefined> {
  for (const name of await readdir(directory)) {
    const [, process, started, host] = NAME.exec(name) ?? [];
    if (name === own || process === undefined || started === undefined || host === undefined) continue;
    const holder: Holder = { process: Number(process), started, host };
    if (await isAlive(holder, here)) return holder;
    await rm(join(directory, name), { force: true });
  }
  return undefined;
}
