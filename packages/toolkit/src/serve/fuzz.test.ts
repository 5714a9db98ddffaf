import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { HEADERS } from './fixtures/http.ts';
import { hardened } from './fixtures/hardened.ts';
import { almostMessage, anything, ENVELOPE, INSIDE } from './fixtures/messages.ts';
import { serveHttp, type HttpService } from './http.ts';
import { serveStdio } from './stdio.ts';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 'first',
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'fuzz', version: '1' } },
};

const DISCOVER = { jsonrpc: '2.0', id: 'first', method: 'server/discover', params: { _meta: ENVELOPE } };

// what the operator is told is masked elsewhere; here it is only noise
beforeAll(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true));
afterAll(() => void vi.restoreAllMocks());

/** Everything that the server writes until it has ended, for a client that sends these lines and goes. */
async function conversation(
  lines: readonly string[],
): Promise<{ answers: Record<string, unknown>[]; ending: unknown }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const service = serveStdio(hardened().start({}), { input, output });
  input.end(lines.map((line) => `${line}\n`).join(''));
  const ending = await service.ended;
  output.end();
  const written = await text(output);
  expect(written).not.toMatch(INSIDE);
  const answers = written
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const answer of answers) expect(answer).toMatchObject({ jsonrpc: '2.0' });
  return { answers, ending };
}

test('whatever lines arrive over stdio, the server answers in JSON-RPC and ends in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(anything, { maxLength: 12 }), async (opened, lines) => {
      const { ending } = await conversation([...(opened ? [JSON.stringify(INITIALIZE)] : []), ...lines]);
      expect(ending).toEqual({ cut: false, closed: true });
    }),
    { numRuns: 400 },
  );
});

test('every request over stdio has one answer, whatever is in it', async () => {
  const own = almostMessage.filter(({ method }) => typeof method === 'string' && method !== 'subscriptions/listen');
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(INITIALIZE, DISCOVER),
      fc.array(own, { maxLength: 12 }),
      async (opening, messages) => {
        const requests = messages
          .filter(({ method }) => !String(method).startsWith('notifications/'))
          .map(({ method, params }, index) => ({
            jsonrpc: '2.0',
            id: `own-${index}`,
            method,
            ...(typeof params === 'object' && params !== null && !Array.isArray(params) && { params }),
          }));
        const { answers } = await conversation([opening, ...requests].map((message) => JSON.stringify(message)));
        const answered = answers.map(({ id }) => String(id)).filter((id) => id.startsWith('own-'));
        expect(answered.toSorted((a, b) => a.localeCompare(b))).toEqual(
          requests.map(({ id }) => id).toSorted((a, b) => a.localeCompare(b)),
        );
      },
    ),
    { numRuns: 400 },
  );
});

test.each(['undefined', 'null', 'text', 'number', 'object', 'symbol', 'error', 'hostile'])(
  'a handler that throws %s is masked like any other',
  async (what) => {
    const call = { jsonrpc: '2.0', id: 'own', method: 'tools/call', params: { name: 'throw', arguments: { what } } };
    const { answers } = await conversation([INITIALIZE, call].map((message) => JSON.stringify(message)));
    expect(answers.slice(1)).toMatchObject([
      { id: 'own', result: { isError: true, content: [{ text: expect.stringMatching(/^INTERNAL: .*incident/) }] } },
    ]);
  },
);

test('whatever bodies arrive over HTTP, each is answered, and the server lives on', { timeout: 60_000 }, async () => {
  const bind = { host: '127.0.0.1', port: 0, allowedHosts: [], withoutAuthentication: false };
  const service: HttpService = await serveHttp(hardened().start({}), bind);
  const begun = await post(service.url, JSON.stringify(INITIALIZE), {});
  const session = { 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
  await begun.text();
  const header = fc.oneof(
    fc.constantFrom('2026-07-28', '2025-11-25', 'tools/call', 'add'),
    fc.stringMatching(/^[ -~]{0,12}$/),
  );
  const headers = fc.oneof(
    fc.constant(session),
    fc.record(
      { 'mcp-protocol-version': header, 'mcp-method': header, 'mcp-name': header, 'mcp-session-id': header },
      { requiredKeys: [] },
    ),
  );
  await fc.assert(
    fc.asyncProperty(anything, headers, async (body, more) => {
      const response = await post(service.url, body, more);
      expect(response.status).not.toBe(500);
      // a subscription stays open for ever: its head is the answer
      const stays = body.includes('subscriptions/listen');
      if (stays) await response.body?.cancel();
      const answer = stays ? '' : await response.text();
      expect(answer).not.toMatch(INSIDE);
      const messages =
        response.headers.get('content-type')?.startsWith('application/json') === true ? [answer] : eventsOf(answer);
      for (const message of messages.filter(Boolean)) expect(JSON.parse(message)).toMatchObject({ jsonrpc: '2.0' });
    }),
    { numRuns: 400 },
  );
  expect((await fetch(new URL('/healthz', service.url))).status).toBe(200);
  expect(await service.stop('test')).toEqual({ cut: false, closed: true });
});

function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { ...HEADERS, ...headers }, body });
}

function eventsOf(stream: string): string[] {
  return [...stream.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => data);
}
