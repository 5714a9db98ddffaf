import { describe, expect, test } from 'vitest';
import { HttpFixture, INITIALIZE } from './fixtures/http.ts';

describe('a page in a browser', () => {
  const origin = 'https://host.example';
  const preflight = { origin, 'access-control-request-method': 'POST' };

  test('of an allowed origin may send what MCP needs, and read the answer', async () => {
    await using server = await HttpFixture.start({}, {}, { allowedOrigins: [origin] });
    const asked = 'mcp-method, mcp-name, Mcp-Param-Region, cookie';
    const allowed = await server.raw(options({ ...preflight, 'access-control-request-headers': asked }));
    expect(allowed).toMatch(/^HTTP\/1\.1 204 /);
    expect(headersOf(allowed)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers':
        'authorization, content-type, accept, mcp-protocol-version, mcp-method, mcp-name, mcp-session-id, last-event-id, Mcp-Param-Region',
      vary: 'origin',
    });
    const answer = await server.post(INITIALIZE, { origin });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-expose-headers')).toBe('mcp-session-id, www-authenticate');
  });

  test.each(['https://evil.example', 'http://host.example', 'https://host.example:444', 'null'])(
    'of %s may not',
    async (other) => {
      await using server = await HttpFixture.start({}, {}, { allowedOrigins: [origin] });
      const refused = await server.raw(options({ ...preflight, origin: other }));
      expect(refused).toMatch(/^HTTP\/1\.1 403 /);
      expect(refused).not.toContain('access-control');
    },
  );

  test('on this machine may not, unless the operator says so', async () => {
    await using server = await HttpFixture.start();
    const local = await server.raw(options({ ...preflight, origin: 'http://localhost:5173' }));
    expect(local).toMatch(/^HTTP\/1\.1 405 /);
    expect(local).not.toContain('access-control');
  });

  test.each(['*', 'null', 'host.example', 'https://host.example/', 'file://', 'https://*.example/x'])(
    'refuses --allowed-origin %s',
    async (typed) => {
      await expect(HttpFixture.start({}, {}, { allowedOrigins: [typed] })).rejects.toThrow(
        '--allowed-origin takes the origin',
      );
    },
  );
});

function options(headers: Record<string, string>): string {
  const lines = Object.entries({ host: 'localhost', connection: 'close', ...headers });
  return `OPTIONS /mcp HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

function headersOf(answer: string): Record<string, string> {
  return Object.fromEntries(
    [...answer.matchAll(/^([\w-]+): (.*)\r$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}
