import { createHash } from 'node:crypto';

import { Refusal } from './confine/refusal.ts';

/**
 * Where an answer stopped, as text for the caller: the key of the last thing shown, bound to the question. It holds no
 * state of the server and survives changes of the tree, because what follows is found by comparing keys.
 */
export function cursorOf(question: unknown, key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([digest(question), ...key])).toString('base64url');
}

/** @throws Refusal CURSOR unless the cursor came from the same question */
export function keyOf(question: unknown, cursor: string): (string | number)[] {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {}
  if (Array.isArray(parts) && parts[0] === digest(question)) return parts.slice(1) as (string | number)[];
  throw new Refusal(
    'CURSOR',
    'The cursor belongs to another call.',
    'Repeat the other arguments, or leave cursor out.',
  );
}

function digest(question: unknown): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 8);
}
