import type { Awaitable } from '../define/definitions.ts';
import { digestOf } from './bearer.ts';
import type { TokenVerifier, VerifiedToken } from './token-verifier.ts';

/**
 * Longest time that a revoked token, or one whose key the issuer withdrew, goes on working, in milliseconds. To check a
 * signature, let alone to ask the issuer, costs more than the whole rest of a call.
 */
const BELIEVED_MS = 30_000;

const MAX_KEPT = 10_000;

interface Answer {
  /** A promise until the verifier has answered. */
  token: VerifiedToken | Promise<VerifiedToken | undefined>;
  readonly until: number;
}

/**
 * Believes for 30 seconds what another verifier said: that a token is valid; that it is not is asked again each time.
 * Whether it has expired meanwhile is for who uses the answer to see. Tokens are kept as hashes only:
 * whoever reads what is kept has no token.
 */
export class BelievedTokens implements TokenVerifier {
  readonly #verifier: TokenVerifier;
  readonly #now: () => number;
  readonly #answers = new Map<string, Answer>();

  /** @param now - Milliseconds on a clock that only goes forward */
  constructor(verifier: TokenVerifier, now: () => number = () => performance.now()) {
    this.#verifier = verifier;
    this.#now = now;
  }

  verify(token: string, key: string = digestOf(token)): Awaitable<VerifiedToken | undefined> {
    const kept = this.#answers.get(key);
    if (kept && kept.until > this.#now()) return kept.token;
    const asked = Promise.resolve(this.#verifier.verify(token));
    const answer = this.#keep(key, asked);
    asked.then(
      (said) => (said ? (answer.token = said) : this.#answers.delete(key)),
      () => this.#answers.delete(key),
    );
    return asked;
  }

  /** Kept from the question on, so that requests at the same time ask once. */
  #keep(key: string, token: Answer['token']): Answer {
    const answer = { token, until: this.#now() + BELIEVED_MS };
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MAX_KEPT && oldest !== undefined) this.#answers.delete(oldest);
    return answer;
  }
}
