import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** The key of the last row of a page, as the query that follows needs it. */
export type Position = readonly (string | number)[];

interface Payload {
  readonly position: Position;
  readonly expires: number;
}

const LIFETIME = 24 * 3_600_000;
const LONGEST = 4_000;

const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/**
 * Signs the places where lists go on, and seals them: the key of a row may be somebody's name. A cursor is of use for
 * the filter it was made for only, and for a day.
 */
export class CursorSigner {
  readonly #keys: readonly [Buffer, ...Buffer[]];
  readonly #now: () => number;

  /**
   * @param secrets - Keys shared by the processes that serve one list, separated by commas; the first signs, all verify.
   *   Without one, cursors are good for this process only
   * @param now - Milliseconds since 1970
   */
  constructor(secrets?: string, now: () => number = Date.now) {
    const [first = randomBytes(32), ...others] = (secrets ?? '').split(',').filter((secret) => secret.trim() !== '');
    this.#keys = [derive(first), ...others.map(derive)];
    this.#now = now;
  }

  /**
   * @param filter - Everything that selects and orders the rows; JSON
   * @param position - The key of the last row that was listed
   */
  sign(filter: unknown, position: Position): string {
    const payload: Payload = { position, expires: this.#now() + LIFETIME };
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv(CIPHER, this.#keys[0], nonce, { authTagLength: TAG }).setAAD(bytes(filter));
    const sealed = Buffer.concat([nonce, cipher.update(bytes(payload)), cipher.final(), cipher.getAuthTag()]);
    return sealed.toString('base64url');
  }

  /** Where the list goes on; `undefined` for a cursor that was changed, has expired or belongs to another filter. */
  verify(cursor: string, filter: unknown): Position | undefined {
    if (cursor.length > LONGEST || !/^[\w-]+$/.test(cursor)) return undefined;
    const sealed = Buffer.from(cursor, 'base64url');
    if (sealed.length <= NONCE + TAG) return undefined;
    let payload: Payload | undefined;
    for (const key of this.#keys) payload ??= open(key, sealed, filter);
    return payload && payload.expires > this.#now() ? payload.position : undefined;
  }
}

function derive(secret: string | Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'cursor', 32));
}

/** `undefined` when it was sealed with another key or for another filter, or was changed. */
function open(key: Buffer, sealed: Buffer, filter: unknown): Payload | undefined {
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(bytes(filter)).setAuthTag(sealed.subarray(-TAG));
  const text = decipher.update(sealed.subarray(NONCE, -TAG));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return JSON.parse(text.toString()) as Payload;
}

function bytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
