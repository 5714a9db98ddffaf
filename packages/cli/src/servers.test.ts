import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { launchOf } from './connect/launch.ts';
import { run } from './run.ts';

const desk = fileURLToPath(new URL('fixtures/desk.ts', import.meta.url));
const customers = fileURLToPath(new URL('../../../servers/customer-db', import.meta.url));

let directory: string;
let server: ChildProcess;
let url: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'mortise-servers-'));
  writeFileSync(path.join(directory, 'letter.txt'), 'Dear all');
  // once over HTTP for every test; stdio costs a process each
  const { command, args } = launchOf(desk);
  server = spawn(command, [...args, '--http', '--port', '0', '--api-keys', keys()], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  while (!/listens on \S+\n/u.test(log)) {
    const [data] = (await once(server.stderr!, 'data')) as [Buffer];
    log += data.toString();
  }
  url = /listens on (\S+)/u.exec(log)?.[1] ?? '';
});

afterAll(async () => {
  server.kill();
  await once(server, 'exit');
  rmSync(directory, { recursive: true, force: true });
});

/** A file with one key: the text `secret`. */
function keys(): string {
  const file = path.join(directory, 'keys');
  const hash = '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b';
  writeFileSync(file, `tester sha256:${hash} 2999-12-31 desk\n`);
  return file;
}

async function mortise(parameters: readonly string[], input = '', token: string | undefined = 'secret') {
  let out = '';
  let err = '';
  const code = await run(parameters, {
    out: (text) => (out += text),
    err: (text) => (err += `${text}\n`),
    directory,
    environment: { PATH: process.env['PATH'], MORTISE_TOKEN: token },
    input: () => Promise.resolve(input),
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

/** The arguments that reach the tool. */
async function given(words: readonly string[], input?: string): Promise<unknown> {
  const { out, err } = await mortise(['call', url, 'echo', ...words, '--json'], input);
  expect(err).toBe('');
  return (JSON.parse(out) as { structuredContent: { given: unknown } }).structuredContent.given;
}

describe('mortise call', () => {
  it('types its words by the schema of the tool', async () => {
    expect(await given(['text=5', 'count=5', 'loud=true', 'tags=a', 'tags=b', 'size=large'])).toEqual({
      text: '5',
      count: 5,
      loud: true,
      tags: ['a', 'b'],
      size: 'large',
    });
  });

  it('takes JSON, files and stdin', async () => {
    expect(await given(['text=@letter.txt', 'tags:=["x"]', 'tags=["y","z"]'])).toEqual({
      text: 'Dear all',
      tags: ['x', 'y', 'z'],
    });
    expect(await given(['text=@-'], 'from stdin')).toEqual({ text: 'from stdin' });
    expect(await given(['-', 'count=2'], '{ "text": "all" }')).toEqual({ text: 'all', count: 2 });
  });

  it('fails as the tool does', async () => {
    expect(await mortise(['call', url, 'fail'])).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^BROKEN: The desk is broken/u),
    });
  });

  it.each([
    ['no tool', ['call', '.'], 'it takes a target and the name of a tool'],
    ['another tool', ['ecko'], 'the server has no tool ecko; it has echo, fail'],
    ['another argument', ['echo', 'text=a', 'cuont=1'], 'there is no argument cuont; did you mean count?'],
    ['a number that is none', ['echo', 'text=a', 'count=many'], 'count has to be integer, not many'],
    ['a choice that is none', ['echo', 'text=a', 'size=huge'], 'size has to be small, large, not huge'],
    ['a lack', ['echo', 'count=1'], 'text is missing: the tool takes text [count]'],
    ['a repetition', ['echo', 'text=a', 'text=b'], 'text is given twice'],
    ['a word', ['echo', 'text'], 'text is no argument'],
    ['a file that is not there', ['echo', 'text=@nothing.txt'], 'nothing.txt cannot be read (ENOENT)'],
    ['what is not JSON', ['echo', 'text:={'], 'text is not JSON'],
  ])('refuses %s', async (_, words, message) => {
    const { code, err } = await mortise(words[0] === 'call' ? words : ['call', url, ...words]);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  it.each([
    ['nobody listens', 'http://127.0.0.1:65531/mcp', 'does not answer (ECONNREFUSED)'],
    ['the command is missing', 'no-such-server --http', 'the command no-such-server was not found'],
    ['the command says nothing', `"${process.execPath}" -e "console.error('out of order')"`, 'out of order'],
  ])('has no connection when %s', async (_, target, message) => {
    const { code, err } = await mortise(['call', target, 'echo', 'text=a']);
    expect(err).toContain(message);
    expect(code).toBe(3);
  });

  it('says when a token is missing', async () => {
    expect(await mortise(['call', url, 'fail'], '', '')).toMatchObject({
      code: 3,
      err: expect.stringContaining('asks for a token: put one into MORTISE_TOKEN'),
    });
    expect(await mortise(['call', url, 'fail', '--token-env', 'OTHER'])).toMatchObject({
      code: 3,
      err: expect.stringContaining('the variable OTHER is not set'),
    });
  });
});

describe('mortise inspect', () => {
  it('shows a table with what each costs', async () => {
    const { code, out } = await mortise(['inspect', url]);
    expect(out).toMatch(/^desk 1\.2\.3, protocol 2026-07-28\n/u);
    expect(out).toMatch(/^echo +\d+ +reads +Give back what came\.$/mu);
    expect(out).toMatch(/^fail +\d+ +changes +Always fails\.$/mu);
    expect(out).toMatch(/^greet +\d+ +name +Greets\.$/mu);
    expect(out).toMatch(/^desk:\/\/\{drawer\} +\d+ +A drawer\.$/mu);
    expect(code).toBe(0);
  });

  it('adds the costs up', async () => {
    const { out } = await mortise(['inspect', url, '--json']);
    const { tokens, tools } = JSON.parse(out) as { tokens: number; tools: { tokens: number }[] };
    expect(tools).toHaveLength(2);
    expect(tokens).toBe(tools.reduce((sum, tool) => sum + tool.tokens, 0));
    expect(tokens).toBeGreaterThan(100);
  });

  it('starts a command over stdio', async () => {
    const { out } = await mortise(['inspect', desk]);
    expect(out).toMatch(/^desk 1\.2\.3/u);
  });
});

describe('mortise check', () => {
  it('finds a server of the workspace fit', async () => {
    const { code, out } = await mortise(['check', customers]);
    expect(out.split('\n').map((line) => line.slice(0, 20).trim())).toEqual([
      'ok      surface',
      'ok      2025-11-25',
      'ok      2026-07-28',
      'ok      same offers',
      'ok      described',
    ]);
    expect(code).toBe(0);
  });

  it('says what has to be mended', async () => {
    const { code, out } = await mortise(['check', '.', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([{ check: 'surface', ok: false }, { ok: false }, { ok: false }]);
  });
});

describe('mortise run', () => {
  it('runs TypeScript as it stands, and hands on what follows --', () => {
    const child = spawn(process.execPath, [
      ...launchOf(path.join(import.meta.dirname, 'cli.ts')).args,
      'run',
      desk,
      '--',
      '--version',
    ]);
    let out = '';
    child.stdout.on('data', (data) => (out += String(data)));
    return once(child, 'close').then(([code]) => expect([code, out]).toEqual([0, '1.2.3\n']));
  });
});

/** What was checked, without what was found. */
const heads = (out: string): string[] => out.split('\n').map((line) => line.slice(0, 30).trim());

describe('mortise doctor', () => {
  it('finds nothing wrong with a server that works', async () => {
    const { code, out } = await mortise(['doctor', url, '--needs', 'PATH']);
    expect(heads(out)).toEqual([
      'ok      node',
      'ok      PATH',
      'ok      port',
      'ok      auth',
      ...['2025-11-25', '2026-07-28'].flatMap((era) =>
        ['handshake', 'tools', 'schemas', 'latency'].map((check) => `ok      ${check} ${era}`),
      ),
    ]);
    expect(out).toContain('a token is asked for');
    expect(code).toBe(0);
  });

  it.each([
    [
      'a command that is missing',
      ['no-such-server --x'],
      /^FAILED {2}command +no-such-server is not found: install it/mu,
    ],
    [
      'a port where nobody listens',
      ['http://127.0.0.1:65531/mcp'],
      /^FAILED {2}port +nothing listens on 127.*ECONNREFUSED/mu,
    ],
    ['a variable that is not set', ['no-such-server', '--needs', 'NOPE'], /^FAILED {2}NOPE +is not set: export NOPE/mu],
    [
      'a program that is no server',
      [`"${process.execPath}" -e 0`],
      /^FAILED {2}handshake 2025-11-25 +the server did not/mu,
    ],
  ])('names %s, and what to do', async (_, parameters, finding) => {
    const { code, out } = await mortise(['doctor', ...parameters]);
    expect(out).toMatch(finding);
    expect(code).toBe(1);
  });

  it.each([
    [
      'a list that is slow, of no schemas, in one revision only',
      'slow',
      [
        /^FAILED {2}schemas 2025-11-25 +are no JSON Schema for odd: mend them/mu,
        /^FAILED {2}latency 2025-11-25 +lists took \d+ ms: do slow work on the first call/mu,
        /^FAILED {2}handshake 2026-07-28 +the server does not know this revision of MCP: update the SDK/mu,
      ],
    ],
    ['a list that fails', 'broken', [/^FAILED {2}tools 2025-11-25 +cannot be listed \(out of order\): look into/mu]],
    ['a refusal without a way in', 'closed', [/^FAILED {2}auth +401 says nothing of where to get a token: answer/mu]],
  ])('names %s, and what to do', async (_, ailment, findings) => {
    await using ailing = await serveAiling(ailment);
    const { code, out } = await mortise(['doctor', ailing.url], '', '');
    for (const finding of findings) expect(out).toMatch(finding);
    expect(code).toBe(1);
  });

  it('names a path that is wrong, and a token that is missing', async () => {
    expect((await mortise(['doctor', url.replace('/mcp', '/other')])).out).toMatch(
      /^FAILED {2}auth +there is no \/other/mu,
    );
    const { out } = await mortise(['doctor', url], '', '');
    expect(out).toMatch(/^FAILED {2}handshake 2026-07-28 +\S+ asks for a token: put one into MORTISE_TOKEN/mu);
  });
});

/** A server of 2025-11-25 with something wrong about it. */
async function serveAiling(ailment: string): Promise<AsyncDisposable & { url: string }> {
  const odd = { name: 'odd', inputSchema: { type: 'object', properties: { a: { type: 'strnig' } } } };
  const results: Readonly<Record<string, object>> = {
    initialize: {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'ailing', version: '1.0.0' },
    },
    ...(ailment === 'slow' && { 'tools/list': { tools: [odd] } }),
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (ailment === 'closed') return void response.writeHead(401).end();
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const { id, method } = (await json(request)) as { id?: number; method: string };
    if (id === undefined) return void response.writeHead(202).end();
    if (method === 'tools/list' && ailment === 'slow') await setTimeout(1_100);
    const result = results[method];
    const said = result ? { result } : { error: { code: -32_603, message: 'out of order' } };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, ...said }));
  };
  const ailing = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(ailing, 'listening');
  return {
    url: `http://127.0.0.1:${(ailing.address() as AddressInfo).port}/mcp`,
    async [Symbol.asyncDispose]() {
      ailing.closeAllConnections();
      await promisify(ailing.close.bind(ailing))();
    },
  };
}
