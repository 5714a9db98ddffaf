import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Action, Adapter } from './adapters/adapter.ts';
import { CANARY, OUTSIDE_SIZE, type HostileTree } from './hostile-tree.ts';
import { Session, type Era } from './session.ts';

/** What a race came to. */
export interface RaceResult {
  /** One for each file or folder asked for; a call for twenty files gives twenty. */
  readonly answers: number;
  /** Calls whose answer told something from outside. */
  readonly leaks: number;
  /** Calls answered with what is inside: the proof that the race let the server work. */
  readonly good: number;
  readonly silent: number;
  readonly sample: string | undefined;
  /** Resident bytes of the server at the end. */
  readonly memory: number;
}

const AT_A_TIME = 24;

/** Asks the same again and again while another process exchanges files and directories with links to the outside. */
export async function race(adapter: Adapter, tree: HostileTree, era: Era, answers: number): Promise<RaceResult> {
  const exchanger = spawn(process.execPath, [join(import.meta.dirname, 'exchanger.ts'), tree.root, tree.outside], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await Promise.race([once(exchanger.stdout, 'data'), once(exchanger, 'exit')]);
  if (exchanger.exitCode !== null) throw new Error('the exchanging process has failed');
  try {
    await using session = await Session.open(adapter, [tree.root], era);
    return await asked(session, actions(join(tree.root, 'race')), answers);
  } finally {
    exchanger.stdin.end();
    await once(exchanger, 'exit');
  }
}

function actions(folder: string): readonly Action[] {
  const file = join(folder, 'file.txt');
  const inner = join(folder, 'dir/ledger.txt');
  const directory = join(folder, 'dir');
  return [
    { kind: 'read', path: file },
    { kind: 'read', path: inner },
    { kind: 'info', path: file },
    { kind: 'list', path: directory },
    { kind: 'read', path: join(folder, 'dir/README.md') },
    { kind: 'info', path: inner },
    { kind: 'readMany', paths: Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? file : inner)) },
    { kind: 'readMany', paths: Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? inner : file)) },
    { kind: 'search', path: folder, pattern: '**/*.txt' },
    { kind: 'grep', path: folder, pattern: CANARY.slice(0, 6) },
    { kind: 'tree', path: directory },
  ];
}

async function asked(session: Session, all: readonly Action[], answers: number): Promise<RaceResult> {
  let next = 0;
  const result = { answers: 0, leaks: 0, good: 0, silent: 0, sample: undefined as string | undefined };
  const leak = new RegExp(`${CANARY}|\\b${OUTSIDE_SIZE}\\b|77\\.8 kB`);
  const ask = async (): Promise<void> => {
    while (result.answers < answers) {
      const action = all[next % all.length] as Action;
      next += 1;
      const { kind, text } = await session.do(action);
      if (kind === 'none') continue;
      if (kind === 'dead') return;
      result.answers += action.kind === 'readMany' ? action.paths.length : 1;
      // the search for the canary repeats the question only in errors
      if (leak.test(text)) {
        result.leaks += 1;
        result.sample ??= `${JSON.stringify(action)}: ${text.slice(0, 300)}`;
      } else if (kind === 'answer') result.good += 1;
      else if (kind === 'silent') result.silent += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, ask));
  return { ...result, memory: session.memory() };
}
