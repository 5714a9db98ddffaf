import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Stands in every file outside the root, and in the names of some. In an answer it is a leak. */
export const CANARY = 'CANARY-7f3a9';
/** The size of a file outside: in an answer it is a leak too. */
export const OUTSIDE_SIZE = 77_777;
/** Stands in files inside the root that hold secrets. */
export const SECRET = 'SECRET-51c0d';

/** A folder to attack from, and one beside it to reach. */
export interface HostileTree extends AsyncDisposable {
  readonly root: string;
  readonly outside: string;
  /** What this machine did not let us make. */
  readonly missing: readonly string[];
}

/** Makes the tree in a temporary folder. */
export async function hostileTree(): Promise<HostileTree> {
  const base = mkdtempSync(join(tmpdir(), 'hostile-'));
  const root = join(base, 'root');
  const outside = join(base, 'outside');
  const missing: string[] = [];
  mkdirSync(root);
  mkdirSync(join(outside, 'deep'), { recursive: true });
  const secret = `${CANARY}\n`.padEnd(OUTSIDE_SIZE, 'x');
  for (const file of ['ledger.txt', `${CANARY}.txt`, 'deep/inner.txt', 'README.md']) {
    writeFileSync(join(outside, file), secret);
  }
  for (const sibling of ['root-evil', 'root ', 'root"', 'ROOT', 'root\n', 'roo']) {
    mkdirSync(join(base, sibling), { recursive: true });
    writeFileSync(join(base, sibling, 'ledger.txt'), secret);
  }
  ordinary(root);
  links(root, outside, base);
  secrets(root);
  oddNames(root);
  largeOnes(root);
  const socket = await specialFiles(root, missing);
  return {
    root,
    outside,
    missing,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => socket.close(resolve));
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function ordinary(root: string): void {
  mkdirSync(join(root, 'a/b/c'), { recursive: true });
  for (const path of ['README.md', 'a/one.txt', 'a/b/two.txt', 'a/b/c/three.md']) {
    writeFileSync(join(root, path), `plain ${path}\nsecond line\n`);
  }
}

function links(root: string, outside: string, base: string): void {
  const all: Record<string, string> = {
    'link-file': join(outside, 'ledger.txt'),
    'link-dir': outside,
    'link-relative': '../outside/ledger.txt',
    'link-missing': join(outside, 'no-such-file'),
    'link-proc': '/proc/self/environ',
    'link-proc-root': `/proc/self/root${outside}/ledger.txt`,
    'link-fd': '/proc/self/fd',
    'link-prefix': join(base, 'root-evil/ledger.txt'),
    'link-chain-1': 'link-chain-2',
    'link-chain-2': 'link-chain-3',
    'link-chain-3': '../outside/ledger.txt',
    'link-loop-1': 'link-loop-2',
    'link-loop-2': 'link-loop-1',
    'link-up': '..',
    'link-inside': 'a/one.txt',
    'link-to-env': '.env',
    'a/link-climb': '../../outside/ledger.txt',
    'a/link-back': '../../root/README.md',
    'link-slash': '/',
  };
  for (const [name, target] of Object.entries(all)) symlinkSync(target, join(root, name));
}

function secrets(root: string): void {
  mkdirSync(join(root, '.ssh'));
  mkdirSync(join(root, '.aws'));
  for (const path of ['.env', '.env.local', '.ssh/id_rsa', '.aws/credentials', 'server.pem', 'Key.P12', '.npmrc']) {
    writeFileSync(join(root, path), `${SECRET}\n`);
  }
  writeFileSync(join(root, '.env.example'), 'TOKEN=\n');
}

function oddNames(root: string): void {
  const folder = join(root, 'odd');
  mkdirSync(folder);
  const names = [
    'line\n[FILE] forged.txt',
    'esc\u001b[31mred',
    'bidi\u202egnp.exe',
    'zero\u200bwidth',
    ' space ',
    'q"uote',
  ];
  for (const name of names) writeFileSync(join(folder, name), 'odd\n');
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9), Buffer.from('.txt')]), 'latin\n');
}

function largeOnes(root: string): void {
  const folder = join(root, 'large');
  mkdirSync(folder);
  writeFileSync(join(folder, 'one-line.txt'), 'x'.repeat(16 * 1024 * 1024));
  writeFileSync(join(folder, 'lines.txt'), 'a line of text that is repeated\n'.repeat(700_000));
  writeFileSync(join(folder, 'sparse.bin'), '');
  truncateSync(join(folder, 'sparse.bin'), 1024 ** 4);
  mkdirSync(join(root, 'wide'));
  for (let index = 0; index < 5000; index += 1) writeFileSync(join(root, `wide/${'n'.repeat(60)}-${index}.txt`), '');
  let folder255 = join(root, 'long');
  for (let depth = 0; depth < 12; depth += 1) {
    mkdirSync(folder255);
    for (let index = 0; index < 60; index += 1)
      writeFileSync(join(folder255, `${'\u202e'.repeat(80)}${index}`), 'word\n');
    folder255 = join(folder255, '\u200b'.repeat(84));
  }
  writeFileSync(join(root, 'large/words.txt'), `${'word '.repeat(500)}\n`.repeat(3000));
  let deep = join(root, 'deep');
  for (let depth = 0; depth < 400; depth += 1) {
    mkdirSync(deep);
    deep = join(deep, 'd');
    if (deep.length > 3900) break;
  }
  writeFileSync(join(root, '.gitignore'), `${'*a'.repeat(30)}b\n`);
}

async function specialFiles(root: string, missing: string[]): Promise<ReturnType<typeof createServer>> {
  const folder = join(root, 'special');
  mkdirSync(folder);
  for (let index = 0; index < 12; index += 1) execFileSync('mkfifo', [join(folder, `fifo-${index}`)]);
  try {
    execFileSync('mknod', [join(folder, 'zero'), 'c', '1', '5'], { stdio: 'ignore' });
    chmodSync(join(folder, 'zero'), 0o666);
  } catch {
    missing.push('device');
  }
  linkSync(join(root, 'README.md'), join(folder, 'hard-link'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve));
  return server;
}

/** A fingerprint of everything in a tree but the contents: any write shows. */
export function fingerprint(root: string): string {
  const hash = createHash('sha256');
  const add = (folder: string): void => {
    for (const name of readdirSync(folder, { encoding: 'buffer' }).toSorted((a, b) => a.compare(b))) {
      const path = Buffer.concat([Buffer.from(`${folder}/`), name]);
      const { mode, size, mtimeMs, ino, nlink } = lstatSync(path);
      hash.update(JSON.stringify([name.toString('latin1'), mode, size, mtimeMs, ino, nlink]));
      if ((mode & 0o170000) === 0o120000) hash.update(readlinkSync(path));
      if ((mode & 0o170000) === 0o040000) add(path.toString());
    }
  };
  add(root);
  return hash.digest('hex');
}
