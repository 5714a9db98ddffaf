import type { IncomingMessage } from 'node:http';

/** The body of a request: its JSON value, or why there is none. */
export type Body =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'gone' };

/**
 * Reads a JSON body of at most `maxBytes`. Of a longer one nothing is kept: node discards the rest while the answer is
 * written, so that the client reads an answer instead of a reset, and the request timeout bounds how long that takes.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  if (Number(request.headers['content-length']) > maxBytes) return { kind: 'too-large' };
  const { promise, resolve } = Promise.withResolvers<Body>();
  let chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBytes) {
      chunks.push(chunk);
    } else {
      chunks = [];
      resolve({ kind: 'too-large' });
    }
  });
  request.on('end', () => resolve(bytes <= maxBytes ? parse(chunks) : { kind: 'too-large' }));
  request.on('error', () => resolve({ kind: 'gone' }));
  request.on('close', () => resolve({ kind: 'gone' }));
  return await promise;
}

function parse(chunks: readonly Buffer[]): Body {
  const [first] = chunks;
  const bytes = first && chunks.length === 1 ? first : Buffer.concat(chunks);
  try {
    return { kind: 'json', value: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch {
    return { kind: 'malformed' };
  }
}
