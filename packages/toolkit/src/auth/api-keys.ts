import { timingSafeEqual } from 'node:crypto';

import { ConfigurationError } from '../define/configuration-error.ts';
import { digestOf } from './bearer.ts';
import type { TokenVerifier, VerifiedToken } from './token-verifier.ts';

interface ApiKey {
  readonly hash: Buffer;
  readonly token: VerifiedToken;
}

/** `name sha256:<64 hex digits> <end> [scope …]` */
const LINE = /^([\w.@-]{1,64})\s+sha256:([\da-f]{64})\s+(\S+)((?:\s+[!#-[\]-~]+)*)$/iu;

const DATE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/u;

/**
 * Checks API keys against a list of their hashes. A key is as good as a token for this server only, so that it has no
 * audience to check; it needs to be random, since a hash does not protect what can be guessed.
 */
export class ApiKeyVerifier implements TokenVerifier {
  readonly #keys: readonly ApiKey[];

  /**
   * @param lines - A key a line: name, hash, end (ISO 8601) and scopes; empty lines and those that begin with # do not count
   * @param where - What the lines were read from, for the message
   * @param audience - What a token has to be for
   * @throws ConfigurationError when a line is not one, without showing it
   */
  constructor(lines: string, where: string, audience: string) {
    this.#keys = lines.split(/\r?\n/u).flatMap((line, index) => {
      const text = line.trim();
      return text === '' || text.startsWith('#') ? [] : [apiKey(text, `Line ${index + 1} of ${where}`, audience)];
    });
    const names = this.#keys.map(({ token }) => token.subject);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new ConfigurationError(`${where} has two keys with the name ${twice}; rename one.`);
    if (this.#keys.length === 0) throw new ConfigurationError(`${where} holds no key.`);
  }

  verify(token: string, digest: string = digestOf(token)): VerifiedToken | undefined {
    const hash = Buffer.from(digest, 'base64');
    let found: ApiKey | undefined;
    // all of them, always: how long it takes tells nothing
    for (const key of this.#keys) if (timingSafeEqual(key.hash, hash)) found = key;
    return found && found.token.expiresAt > Date.now() / 1_000 ? found.token : undefined;
  }
}

function apiKey(line: string, where: string, audience: string): ApiKey {
  const [, name, hash, end, rest] = LINE.exec(line) ?? [];
  const expiresAt = end !== undefined && DATE.test(end) ? Date.parse(end) / 1_000 : Number.NaN;
  if (name === undefined || hash === undefined || Number.isNaN(expiresAt)) {
    throw new ConfigurationError(`${where} is not: name sha256:<64 hex digits> <end, such as 2027-01-31> <scopes…>`);
  }
  const scopes = (rest ?? '').split(/\s+/u).filter((scope) => scope !== '');
  const subject = `api-key:${name}`;
  return {
    hash: Buffer.from(hash, 'hex'),
    token: { subject, client: subject, scopes, audience: [audience], expiresAt },
  };
}
