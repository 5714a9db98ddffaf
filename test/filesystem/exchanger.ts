// Run as a process of its own: exchanges entries of a tree with links that lead outside, as fast as it can.
// exchanger.ts ROOT OUTSIDE; ends when its stdin does.
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const [root = '', outside = ''] = process.argv.slice(2);
const race = join(root, 'race');
rmSync(race, { recursive: true, force: true });
mkdirSync(join(race, 'dir/sub'), { recursive: true });
for (const name of ['file.txt', 'dir/ledger.txt', 'dir/README.md', 'dir/sub/inner.txt']) {
  writeFileSync(join(race, name), 'harmless\n');
}
writeFileSync(join(race, 'good'), 'harmless\n');
const [file, dir, aside, temporary] = ['file.txt', 'dir', 'aside', 'temporary'].map((name) => join(race, name)) as [
  string,
  string,
  string,
  string,
];
symlinkSync(outside, join(race, 'evil-dir'));

let running = true;
process.stdin.on('close', () => (running = false)).resume();
writeSync(1, 'ready\n');

function turn(): void {
  for (let index = 0; index < 200; index += 1) {
    symlinkSync(join(outside, 'ledger.txt'), temporary);
    renameSync(temporary, file);
    renameSync(dir, aside);
    renameSync(join(race, 'evil-dir'), dir);
    linkSync(join(race, 'good'), temporary);
    renameSync(temporary, file);
    renameSync(dir, join(race, 'evil-dir'));
    renameSync(aside, dir);
  }
  if (running) setImmediate(turn);
}
turn();
