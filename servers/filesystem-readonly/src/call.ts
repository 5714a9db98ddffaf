/** Thrown in a worker when the caller no longer wants the answer. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** One piece of work on a worker thread, seen from inside: how long it may go on and who hears of it. */
export interface Call {
  /**
   * Whether the time is up: end with what there is and say so. To be asked at least every few milliseconds.
   * @throws Cancelled when nobody waits for the answer
   */
  expired(): boolean;
  /** Tells the caller how far the work is; cheap to call often. */
  progress(done: number, total: number | undefined, message: () => string): void;
}
