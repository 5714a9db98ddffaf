// oxlint-disable-next-line typescript/triple-slash-reference -- who compiles this without our tsconfig needs it too
/// <reference path="./pg-utils.d.ts" />
import { prepareValue } from 'pg/lib/utils.js';

/** Turns a query parameter into the text that `pg` would send, so that both engines take the same values. */
export function toParameterText(value: unknown): string | null {
  const prepared = prepareValue(value);
  return Buffer.isBuffer(prepared) ? `\\x${prepared.toString('hex')}` : prepared;
}
