import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** The key of the last row of a page, as the query that follows needs it. */
export type Position = readonly (string | number)[];

interface Payload {
  readonly filter: string;
  readonly position: Position;
  readonly expires: number;
}

const LIFETIME = 24 * 3_600_000;
const LONGEST = 1_000;

/**
 * Signs the places where lists go on. A cursor tells a client nothing that it did not see, is of use for the filter it
 * was made for only, and for a day.
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
    const payload: Payload = { filter: digest(filter), position, expires: this.#now() + LIFETIME };
    const text = Buffer.from(JSON.stringify(payload)).toString('base64url');
    return `${text}.${mac(this.#keys[0], text).toString('base64url')}`;
  }

  /** Where the list goes on; `undefined` for a cursor that was changed, has expired or belongs to another filter. */
  verify(cursor: string, filter: unknown): Position | undefined {
    const [text = '', signature = '', ...rest] = cursor.split('.');
    if (cursor.length > LONGEST || rest.length > 0) return undefined;
    const given = Buffer.from(signature, 'base64url');
    if (!this.#keys.some((key) => isEqual(mac(key, text), given))) return undefined;
    const payload = JSON.parse(Buffer.from(text, 'base64url').toString()) as Payload;
    return payload.filter === digest(filter) && payload.expires > this.#now() ? payload.position : undefined;
  }
}

function derive(secret: string | Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'cursor', 32));
}

function mac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest().subarray(0, 16);
}

function digest(filter: unknown): string {
  return createHash('sha256').update(JSON.stringify(filter)).digest('base64url').slice(0, 22);
}

function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
