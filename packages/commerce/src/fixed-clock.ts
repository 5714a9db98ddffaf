/**
 * Loaded by a thread before anything else, gives it a clock that stands still and dice that always fall the same, so
 * that the template of the embedded database is the same file whenever it is built. What is left of them in it is the
 * demo data's time of creation and the cluster's identifier: no secret.
 */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const MODULUS = 2_147_483_647;

const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...values: [] | [value: number | string | Date]) {
    super(...((values.length === 0 ? [NOW] : values) as [number]));
  }

  static override now(): number {
    return NOW;
  }
} as DateConstructor;

// the engine's thread draws and measures; the main one needs its timers
if (!isMainThread) {
  let state = 1;
  const fill = <Bytes extends NodeJS.ArrayBufferView | null>(bytes: Bytes): Bytes => {
    if (bytes === null) return bytes;
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let index = 0; index < view.length; index += 1) {
      state = (state * 48_271) % MODULUS;
      view[index] = state;
    }
    return bytes;
  };
  crypto.randomFillSync = fill;
  crypto.webcrypto.getRandomValues = fill;
  performance.now = () => 0;
  syncBuiltinESMExports();
}
