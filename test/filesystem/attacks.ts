import { join } from 'node:path';

import type { Action, Adapter } from './adapters/adapter.ts';
import { CANARY, OUTSIDE_SIZE, SECRET, type HostileTree } from './hostile-tree.ts';
import { Session, type Era, type Outcome } from './session.ts';

/** One attack: what is sent, and what must not come back. */
export interface Attack {
  readonly group: 'escape' | 'oracle' | 'special files' | 'patterns' | 'names' | 'size' | 'secrets';
  readonly name: string;
  /** What went wrong; undefined when the server withstood. */
  readonly run: (session: Session, tree: HostileTree) => Promise<string | undefined>;
}

/** The result of one attack. */
export interface AttackResult {
  readonly group: Attack['group'];
  readonly name: string;
  readonly failure: string | undefined;
}

/** The largest message that clients of this protocol take is 10 MiB; a good answer is far below. */
const LARGEST_ANSWER = 1024 * 1024;

/** Makes every attack; a server that an attack has silenced or ended is replaced for the next. */
export async function attackAll(
  adapter: Adapter,
  tree: HostileTree,
  era: Era,
  atEnd?: (session: Session) => void,
): Promise<AttackResult[]> {
  const results: AttackResult[] = [];
  let session = await Session.open(adapter, [tree.root], era);
  try {
    for (const { group, name, run } of attacks(tree)) {
      const failure = await run(session, tree);
      results.push({ group, name, failure });
      if (failure !== undefined && !(await isWell(session, tree))) {
        await session[Symbol.asyncDispose]();
        session = await Session.open(adapter, [tree.root], era);
      }
    }
    atEnd?.(session);
  } finally {
    await session[Symbol.asyncDispose]();
  }
  return results;
}

async function isWell(session: Session, { root }: HostileTree): Promise<boolean> {
  return (await session.do({ kind: 'read', path: join(root, 'README.md') }, 2000)).kind === 'answer';
}

/** Every attack on this tree. */
export function attacks(tree: HostileTree): readonly Attack[] {
  return [
    ...escapes(tree),
    ...oracles(tree),
    ...specialFiles(tree),
    ...patterns(tree),
    ...names(tree),
    ...sizes(tree),
    ...secrets(tree),
  ];
}

function leakIn({ kind, text }: Outcome): string | undefined {
  if (kind === 'silent' || kind === 'dead') return kind;
  return text.includes(CANARY) || text.includes(String(OUTSIDE_SIZE)) ? `leak: ${text.slice(0, 160)}` : undefined;
}

function escapes({ root, outside }: HostileTree): Attack[] {
  const secret = join(outside, 'ledger.txt');
  const base = join(root, '..');
  const paths: Record<string, string> = {
    'absolute path': secret,
    'dot dot': `${root}/../outside/ledger.txt`,
    'relative dot dot': '../outside/ledger.txt',
    'dot dot within names': `${root}/a/../../outside/ledger.txt`,
    'many dot dots': `${root}${'/..'.repeat(60)}${secret}`,
    'doubled slashes': `//${secret}`,
    'sibling with the same prefix': `${base}/root-evil/ledger.txt`,
    'sibling that is a prefix': `${base}/roo/ledger.txt`,
    'sibling with a space at the end': `${root} /ledger.txt`,
    'sibling with a quote at the end': `${root}"/ledger.txt`,
    'sibling with a line end': `${root}\n/ledger.txt`,
    'sibling in capitals': `${base}/ROOT/ledger.txt`,
    'file URI': `file://${secret}`,
    'file URI with dot dot': `file://${root}/%2e%2e/outside/ledger.txt`,
    'file URI with an encoded slash': `file://${root}/..%2foutside%2fledger.txt`,
    'percent-encoded': `${root}/%2e%2e/outside/ledger.txt`,
    NUL: `${root}/README.md\0/../../outside/ledger.txt`,
    backslashes: `${root}\\..\\outside\\ledger.txt`,
    'fraction slash': `${root}/..\u2215outside\u2215ledger.txt`,
    '/proc/self/root': `/proc/self/root${secret}`,
    '/proc/self/cwd': `/proc/self/cwd/${'../'.repeat(20)}${secret}`,
    '/proc/self/environ': '/proc/self/environ',
    '/dev/fd': '/dev/fd/0',
    tilde: `~root/${'../'.repeat(20)}${secret}`,
    'link to a file': `${root}/link-file`,
    'link to a folder': `${root}/link-dir/ledger.txt`,
    'link to a folder, deeper': `${root}/link-dir/deep/inner.txt`,
    'relative link': `${root}/link-relative`,
    'chain of links': `${root}/link-chain-1`,
    'link that climbs': `${root}/a/link-climb`,
    'link up and down': `${root}/link-up/outside/ledger.txt`,
    'link to the root of all': `${root}/link-slash${secret}`,
    'link into /proc': `${root}/link-proc-root`,
    'link to a sibling': `${root}/link-prefix`,
    'loop of links': `${root}/link-loop-1`,
    'link and dot dot': `${root}/link-dir/../outside/ledger.txt`,
    'a path of 100,000 characters': `${root}/${'a/'.repeat(50_000)}`,
  };
  const read = Object.entries(paths).map(([name, path]) =>
    attack('escape', `read: ${name}`, async (session) => {
      const outcome = await session.do({ kind: 'read', path });
      return leakIn(outcome) ?? (outcome.kind === 'answer' && !outcome.text.includes('plain') ? 'answered' : undefined);
    }),
  );
  const kinds = ['list', 'info', 'tree', 'search', 'grep'] as const;
  const others = kinds.flatMap((kind) =>
    [outside, `${base}/root-evil`, `${root} `, `${root}"`, `${root}/link-dir`, `${root}/link-up`].map((path) =>
      attack('escape', `${kind}: ${path.replace(base, '')}`, async (session) => {
        const action = { kind, path, pattern: kind === 'grep' ? '.' : '**' } as Action;
        const outcome = await session.do(action);
        return leakIn(outcome) ?? (outcome.kind === 'answer' ? 'answered' : undefined);
      }),
    ),
  );
  const whole = (['tree', 'search', 'grep'] as const).map((kind) =>
    attack('escape', `${kind} through links`, async (session) => {
      const action = { kind, path: root, pattern: kind === 'grep' ? 'CANARY' : '**/ledger*' } as Action;
      const outcome = await session.do(action, 20_000);
      const text = outcome.text.replaceAll('CANARY', '');
      return leakIn({ ...outcome, text: outcome.text.includes(CANARY) ? outcome.text : text });
    }),
  );
  return [...read, ...others, ...whole];
}

/** Two questions that must get the same answer, but for the path in it. */
function oracles({ root, outside }: HostileTree): Attack[] {
  const pairs: Record<string, readonly [string, string]> = {
    'outside, there or not': [join(outside, 'ledger.txt'), join(outside, 'absent.txt')],
    'link to outside, there or not': [`${root}/link-file`, `${root}/link-missing`],
    'in a linked folder, there or not': [`${root}/link-dir/ledger.txt`, `${root}/link-dir/absent.txt`],
  };
  const same = Object.entries(pairs).map(([name, [one, other]]) =>
    attack('oracle', name, async (session) => {
      const first = await session.do({ kind: 'read', path: one });
      const second = await session.do({ kind: 'read', path: other });
      if (first.text.replaceAll(one, 'PATH') === second.text.replaceAll(other, 'PATH')) return undefined;
      return `told apart: ${first.text.slice(0, 120)} | ${second.text.slice(0, 120)}`;
    }),
  );
  const named = attack('oracle', 'an error that names where a link leads', async (session) => {
    const { text } = await session.do({ kind: 'read', path: `${root}/link-file` });
    return text.includes(outside) ? text.slice(0, 160) : undefined;
  });
  return [...same, named];
}

function specialFiles({ root, missing }: HostileTree): Attack[] {
  const refused = (name: string, path: string): Attack =>
    attack('special files', `read: ${name}`, async (session) => {
      const before = session.memory();
      const outcome = await session.do({ kind: 'read', path: join(root, path) });
      const grown = session.memory() - before;
      if (outcome.kind !== 'error') return outcome.kind;
      return grown > 150e6 ? `${Math.round(grown / 1e6)} MB more memory` : undefined;
    });
  return [
    refused('FIFO', 'special/fifo-0'),
    attack('special files', 'twelve FIFOs at once, then an ordinary file', async (session) => {
      const fifos = Array.from({ length: 12 }, (_, index) => join(root, `special/fifo-${index}`));
      const waiting = fifos.map((path) => session.do({ kind: 'read', path }, 3000));
      const answer = await session.do({ kind: 'read', path: join(root, 'README.md') }, 3000);
      await Promise.all(waiting);
      return answer.kind === 'answer' ? undefined : answer.kind;
    }),
    refused('socket', 'special/socket'),
    ...(missing.includes('device') ? [] : [refused('endless device', 'special/zero')]),
    refused('sparse file of 1 TiB', 'large/sparse.bin'),
    attack('special files', 'tail: sparse file of 1 TiB', async (session) => {
      const { kind } = await session.do({ kind: 'tail', path: join(root, 'large/sparse.bin'), lines: 10 });
      return kind === 'silent' || kind === 'dead' ? kind : undefined;
    }),
    attack('special files', 'grep and tree over all of them', async (session) => {
      for (const kind of ['grep', 'tree'] as const) {
        const outcome = await session.do({ kind, path: join(root, 'special'), pattern: 'x' });
        if (outcome.kind === 'silent' || outcome.kind === 'dead') return `${kind}: ${outcome.kind}`;
      }
      return undefined;
    }),
    attack('special files', 'tree of 400 levels', async (session) => {
      const { kind } = await session.do({ kind: 'search', path: join(root, 'deep'), pattern: '**/nothing' });
      return kind === 'silent' || kind === 'dead' ? kind : undefined;
    }),
  ];
}

function patterns({ root }: HostileTree): Attack[] {
  const globs: Record<string, string> = {
    'stars and letters': `**/${'*a'.repeat(20)}b`,
    'stars alone': `${'*'.repeat(34)}b`,
    'stars and question marks': `${'*?'.repeat(17)}b`,
    folders: '**/a/'.repeat(13),
    'extended alternatives': '+(a|aa)+(a|aa)+(a|aa)+(a|aa)b',
    'extended, nested': '+(+(+(+(a))))b',
    braces: '{a,b}'.repeat(25),
    'range of braces': '{1..10000000}',
    'nested braces': `${'{a,'.repeat(3000)}b${'}'.repeat(3000)}`,
    'a long class': `[${'a-z'.repeat(300)}]*b`,
    'very long': '*a'.repeat(50_000),
  };
  const expressions: Record<string, string> = {
    'nested plus': '(a+)+$',
    alternatives: '(a|aa)+$',
    classes: '([a-z]+)+$',
    counted: '(x{1000}){1000}',
    dots: `${'.*'.repeat(25)}=`,
    'a look-behind': '(?<=a)b',
    'a back-reference': String.raw`(a)\1`,
  };
  const still = async (session: Session, action: Action): Promise<string | undefined> => {
    const working = session.do(action, 20_000); // a server that stops by itself after ten seconds is one that answers
    const beside = await session.do({ kind: 'read', path: join(root, 'README.md') }, 4000);
    const { kind } = await working;
    if (kind === 'silent' || kind === 'dead') return kind;
    return beside.kind === 'answer' ? undefined : `other calls: ${beside.kind}`;
  };
  return [
    ...Object.entries(globs).map(([name, pattern]) =>
      attack('patterns', `glob: ${name}`, (session) => still(session, { kind: 'search', path: root, pattern })),
    ),
    ...Object.entries(expressions).map(([name, pattern]) =>
      attack('patterns', `expression: ${name}`, (session) =>
        still(session, { kind: 'grep', path: join(root, 'large'), pattern }),
      ),
    ),
  ];
}

function names({ root }: HostileTree): Attack[] {
  return (['list', 'search', 'tree'] as const).map((kind) =>
    attack('names', `${kind}: names with line ends, escapes and bidi marks`, async (session) => {
      const outcome = await session.do({ kind, path: join(root, 'odd'), pattern: '**/*' });
      if (outcome.kind === 'silent' || outcome.kind === 'dead') return outcome.kind;
      const { content = [] } = JSON.parse(outcome.text) as { content?: { text?: string }[] };
      const text = content.map((block) => block.text ?? '').join('\n');
      if (/^\[FILE\] forged/m.test(text)) return 'a name forges a line';
      return ['\u001b', '\u202e', '\u200b'].some((character) => text.includes(character))
        ? 'control characters arrive as they are'
        : undefined;
    }),
  );
}

function sizes({ root }: HostileTree): Attack[] {
  const actions: Record<string, Action> = {
    'read a file of 22 MB': { kind: 'read', path: join(root, 'large/lines.txt') },
    'read a line of 16 MiB': { kind: 'read', path: join(root, 'large/one-line.txt') },
    'the last 100,000 lines': { kind: 'tail', path: join(root, 'large/lines.txt'), lines: 100_000 },
    'list 5,000 entries': { kind: 'list', path: join(root, 'wide') },
    'tree of everything': { kind: 'tree', path: root },
    'search for everything': { kind: 'search', path: root, pattern: '**' },
    'grep for everything': { kind: 'grep', path: root, pattern: '.' },
    'tree of the longest names': { kind: 'tree', path: join(root, 'long') },
    'list the longest names': { kind: 'list', path: join(root, 'long') },
    'search for the longest names': { kind: 'search', path: join(root, 'long'), pattern: '**' },
    'grep under the longest names': { kind: 'grep', path: join(root, 'long'), pattern: 'word' },
    'grep long lines': { kind: 'grep', path: join(root, 'large/words.txt'), pattern: 'word' },
    'read twenty large files': {
      kind: 'readMany',
      paths: Array.from({ length: 20 }, () => join(root, 'large/lines.txt')),
    },
  };
  return Object.entries(actions).map(([name, action]) =>
    attack('size', name, async (session) => {
      const { kind, text } = await session.do(action, 20_000);
      if (kind === 'silent' || kind === 'dead') return kind;
      return text.length > LARGEST_ANSWER ? `${(text.length / 1e6).toFixed(1)} MB in one answer` : undefined;
    }),
  );
}

async function hidden(session: Session, action: Action): Promise<string | undefined> {
  const { kind, text } = await session.do(action, 20_000);
  if (kind === 'silent' || kind === 'dead') return kind;
  return text.includes(SECRET) ? 'the secret is in the answer' : undefined;
}

function secrets({ root }: HostileTree): Attack[] {
  const files = [
    '.env',
    '.env.local',
    '.ssh/id_rsa',
    '.aws/credentials',
    'server.pem',
    'Key.P12',
    '.npmrc',
    'link-to-env',
  ];
  return [
    ...files.map((file) =>
      attack('secrets', `read: ${file}`, (session) => hidden(session, { kind: 'read', path: join(root, file) })),
    ),
    attack('secrets', 'grep', (session) => hidden(session, { kind: 'grep', path: root, pattern: 'SECRET.*' })),
    attack('secrets', 'told whether a key exists', async (session) => {
      const there = await session.do({ kind: 'info', path: join(root, 'server.pem') });
      const absent = await session.do({ kind: 'info', path: join(root, 'absent.pem') });
      return there.text.replaceAll('server.pem', 'absent.pem') === absent.text ? undefined : 'told apart';
    }),
  ];
}

function attack(group: Attack['group'], name: string, run: Attack['run']): Attack {
  return { group, name, run };
}
