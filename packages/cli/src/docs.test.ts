import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import { run } from './run.ts';

const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

async function help(...parameters: string[]): Promise<string> {
  let out = '';
  await run([...parameters, '--help'], {
    out: (text) => (out += text),
    err: () => undefined,
    directory: '.',
    environment: {},
    input: () => Promise.resolve(''),
    signal: new AbortController().signal,
  });
  return out;
}

it('docs/cli.md lists the commands of --help, and each explains itself', async () => {
  const commands = [...(await help()).matchAll(/^ {2}(\w+) /gmu)].map(([, name]) => name!);
  const listed = [...page.matchAll(/^\| `(\w+) .*?` +\| \w/gmu)].map(([, name]) => name!);
  expect(listed.toSorted()).toEqual(commands.toSorted());
  for (const command of commands) {
    const text = await help(command);
    expect(text).toMatch(new RegExp(`^usage: mortise ${command} [\\s\\S]+Exit code: `, 'u'));
    expect(text.includes('--json')).toBe(!['run', 'dev', 'completion'].includes(command));
  }
});
