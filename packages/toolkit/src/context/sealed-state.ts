import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

import { ConfigurationError } from '../define/configuration-error.ts';
import { report } from '../serve/report.ts';

/** What one sealed state may weigh on its way through the client, in bytes. */
const STATE_LIMIT: number = 8 * 1024;

/** Seconds after which an unanswered question is void. */
const LIFETIME = 600;

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts and authenticates (AES-256-GCM) the state of a call while it travels through the client between a question
 * and its answer. A state opens only for the binding it was sealed with, and for ten minutes. A state may be opened
 * twice, unless a `StateStore` says otherwise: what must happen once needs an idempotency key of its own.
 */
export class StateSealer {
  readonly #keys: readonly [Buffer, ...Buffer[]];
  readonly #now: () => number;
  /** The operator gave the key: other processes, and this one after a restart, open the same states. */
  readonly isKept: boolean;
  #warned = false;
  #refusal: string | undefined;

  constructor(keys: readonly [Buffer, ...Buffer[]], now: () => number = Date.now, isKept = true) {
    this.#keys = keys;
    this.#now = now;
    this.isKept = isKept;
  }

  /**
   * From `MORTISE_STATE_KEY`: one or more keys of 32 bytes in base64url, separated by commas; the first seals, all open,
   * so that a key can be replaced while questions are open. Without it the key is random: only this process can open.
   * @throws ConfigurationError when a key is not 32 bytes long
   */
  static fromEnvironment(value: string | undefined): StateSealer {
    if (!value) return new StateSealer([randomBytes(32)], Date.now, false);
    const [first, ...others] = value.split(',').map((text) => {
      const key = Buffer.from(text.trim(), 'base64url');
      if (key.length === 32) return key;
      throw new ConfigurationError(
        'MORTISE_STATE_KEY holds a key that is not 32 bytes in base64url. Make one: openssl rand -base64 32 | tr +/ -_',
      );
    });
    return new StateSealer([first as Buffer, ...others]);
  }

  /** Seals nothing from now on; the reason is the operator's to read. */
  refuse(reason: string): void {
    this.#refusal = reason;
  }

  /** What tells states apart, whatever way they are written. */
  idOf(text: string): string {
    return Buffer.from(text, 'base64url').toString('base64url', 0, IV_BYTES);
  }

  /** When a state that opens now has expired at the latest. */
  lastExpiry(): number {
    return this.#now() + LIFETIME * 1000;
  }

  /** @throws RangeError when the sealed text would be longer than 8 KiB */
  seal(state: unknown, binding: string): string {
    if (this.#refusal !== undefined) throw new ConfigurationError(this.#refusal);
    if (!this.isKept && !this.#warned) {
      this.#warned = true;
      report(
        'MORTISE_STATE_KEY is not set: questions that are open when this process ends cannot be answered any more.',
      );
    }
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keys[0], iv).setAAD(digest(binding));
    const payload = JSON.stringify({ expires: this.lastExpiry(), state });
    const sealed = Buffer.concat([cipher.update(payload, 'utf8'), cipher.final()]);
    const text = Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    if (text.length > STATE_LIMIT) {
      throw new RangeError(
        `the results of the steps of a call are too large to keep: ${text.length} of ${STATE_LIMIT} bytes`,
      );
    }
    return text;
  }

  /** What was sealed; undefined for a state that was changed, has expired or was made for another binding. */
  open(text: string, binding: string): unknown {
    const bytes = Buffer.from(text, 'base64url');
    if (text.length > STATE_LIMIT || bytes.length < IV_BYTES + TAG_BYTES) return undefined;
    for (const key of this.#keys) {
      const payload = decrypt(bytes, key, digest(binding));
      if (payload !== undefined) return payload.expires > this.#now() ? payload.state : undefined;
    }
    return undefined;
  }
}

function digest(binding: string): Buffer {
  return createHash('sha256').update(binding).digest();
}

function decrypt(bytes: Buffer, key: Buffer, aad: Buffer): { expires: number; state: unknown } | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(aad).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const payload = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return JSON.parse(payload.toString('utf8')) as { expires: number; state: unknown };
  } catch {
    return undefined; // not sealed with this key, or not for this binding
  }
}
