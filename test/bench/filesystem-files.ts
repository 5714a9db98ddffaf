// What filesystem.ts measures with: 200,000 files in 2,500 folders, a text file of 1 GiB, and the other programs.
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The official server's version that is measured. */
export const OFFICIAL = '2.0.1';

/** Makes the folder of many files, unless it is there. */
export function makeTree(tree: string): void {
  if (existsSync(tree)) return;
  let number = 0;
  for (let folder = 0; folder < 2500; folder += 1) {
    const path = join(tree, `group-${folder % 50}`, `folder-${folder}`);
    mkdirSync(path, { recursive: true });
    for (let index = 0; index < 80; index += 1, number += 1) {
      const ending = index < 4 ? 'md' : ['ts', 'json', 'txt', 'py'][index % 4];
      writeFileSync(
        join(path, `file-${number}.${ending}`),
        `// file ${number}\nconst value = ${number};\n${'text '.repeat(55)}\n`,
      );
    }
  }
}

/** Makes the file of 1 GiB, unless it is there. */
export function makeBig(big: string): void {
  if (existsSync(big)) return;
  mkdirSync(dirname(big));
  const descriptor = openSync(big, 'w');
  let number = 0;
  for (let size = 0; size < 1024 ** 3;) {
    let text = '';
    for (let index = 0; index < 50_000; index += 1, number += 1)
      text += `line ${number} of a file with ${'x'.repeat(number % 190)}\n`;
    size += writeSync(descriptor, text);
  }
  closeSync(descriptor);
}

/** The program `rg`: this machine's, or the package's; undefined where neither can be had. */
export function ripgrep(home: string): string | undefined {
  if (spawnSync('rg', ['--version']).status === 0) return 'rg';
  const prefix = join(home, 'ripgrep');
  spawnSync('npm', ['install', '--ignore-scripts', '--prefix', prefix, '@vscode/ripgrep@1.18.0'], { stdio: 'ignore' });
  const packages = join(prefix, 'node_modules/@vscode');
  const binary = join(packages, `ripgrep-${process.platform}-${process.arch}`, 'bin/rg');
  return existsSync(binary) ? binary : undefined;
}

/** The entry of the official server, installed from npm. */
export function officialEntry(home: string): string {
  const prefix = join(home, 'official');
  const name = '@modelcontextprotocol/server-filesystem';
  if (!existsSync(prefix)) {
    execFileSync('npm', ['install', '--prefix', prefix, `${name}@${OFFICIAL}`], { stdio: 'ignore' });
  }
  return join(prefix, 'node_modules', name, 'dist/index.js');
}
