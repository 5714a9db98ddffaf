import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { EmptyHome } from './empty-home.ts';
import { pack, publicPackages } from './pack.ts';
import { ask, eras, questions } from './questions.ts';

/** Megabytes that a server may take on a user's disk, with all that npm installs for it. */
const budget = JSON.parse(readFileSync(new URL('budget.json', import.meta.url), 'utf8')) as Record<string, number>;

const servers = publicPackages.filter(({ isServer }) => isServer);
const names = servers.map(({ manifest }) => manifest.name);

let home: EmptyHome;
let tarballs: Map<string, string>;

beforeAll(() => {
  home = new EmptyHome();
  tarballs = pack(home.workFolder, servers);
});
afterAll(() => home[Symbol.dispose]());

it('every server has a question and a budget', () => {
  expect(Object.keys(questions)).toEqual(names);
  expect(Object.keys(budget)).toEqual(names);
});

describe.each(Object.entries(questions))('npx %s, where npm has never run', (name, question) => {
  // npx takes a file for a package only when the path is relative.
  const npx = () => ['--yes', `./${basename(tarballs.get(name) ?? '')}`];

  it.each(Object.keys(eras) as (keyof typeof eras)[])('answers a client of %s', { timeout: 180_000 }, async (era) => {
    const start = { command: 'npx', args: npx(), env: home.environment, cwd: home.workFolder };
    const { answer, protocol, stderr } = await ask(question, start, era);
    expect(answer).toContain(question.answer);
    expect(protocol).toBe(era);
    expect(stderr.replaceAll(/^npm notice.*\n/gm, '')).toBe('');
  });

  it('takes no more of the disk than its budget', () => {
    expect(home.installedBytes(name) / 1e6).toBeLessThan(budget[name] ?? 0);
  });
});
