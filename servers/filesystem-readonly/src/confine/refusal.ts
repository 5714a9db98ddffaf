/** Why a request was not answered. */
export type RefusalCode =
  | 'OUTSIDE'
  | 'LINK_OUTSIDE'
  | 'PROTECTED'
  | 'NOT_FOUND'
  | 'IS_DIRECTORY'
  | 'NOT_DIRECTORY'
  | 'NOT_REGULAR'
  | 'NO_PERMISSION'
  | 'CHANGED'
  | 'INVALID_PATH'
  | 'BINARY'
  | 'ENCODING'
  | 'TOO_LARGE'
  | 'RANGE'
  | 'PATTERN'
  | 'CURSOR'
  | 'UNREADABLE'
  | 'TIMEOUT'
  | 'BUSY';

/**
 * An answer that is no content: a stable code, what was wrong, and the next step. Plain data in all but name, so that
 * it crosses from a worker thread. Its text never names anything outside the roots.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly hint: string | undefined;

  constructor(code: RefusalCode, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
