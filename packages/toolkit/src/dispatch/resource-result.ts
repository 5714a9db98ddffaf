import type { ReadResourceResult } from '@modelcontextprotocol/server';

/** What a resource returned, as contents of the protocol: bytes, text, or the JSON of anything else. */
export function resourceContents(
  uri: string,
  mimeType: string | undefined,
  value: unknown,
): ReadResourceResult['contents'][number] {
  if (value instanceof Uint8Array) {
    return { uri, mimeType: mimeType ?? 'application/octet-stream', blob: Buffer.from(value).toString('base64') };
  }
  if (typeof value === 'string') return { uri, mimeType: mimeType ?? 'text/plain', text: value };
  return { uri, mimeType: mimeType ?? 'application/json', text: JSON.stringify(value) };
}
