import { createHash } from 'node:crypto';

import type { Entry } from './surface.ts';

/** SHA-256 in base64url, first 16 characters: 96 bits. */
function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/** The hash of a source file, the same whatever line ends the checkout has. */
export function sourceHash(text: string): string {
  return hash(text.replaceAll('\r\n', '\n'));
}

/** The hash of an entry: of its JSON as it is written, without the field itself. */
export function entryHash(entry: Omit<Entry, 'hash'>): string {
  return hash(JSON.stringify(entry));
}
