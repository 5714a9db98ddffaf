import type { Awaitable } from '../define/definitions.ts';

/**
 * Remembers which states of questions were used, so that an answer counts once. Without one a client that sends an
 * answer again runs the rest of the method again, for as long as the state is valid: ten minutes.
 */
export interface StateStore {
  /**
   * Resolves with true for the first who asks with this id, and with false for everybody after, also in other
   * processes.
   * @param id - At most 16 characters
   * @param expires - When the id may be forgotten, in milliseconds since 1970
   */
  spend(id: string, expires: number): Awaitable<boolean>;
}

/** A store for one process; it forgets what has expired. */
export function memoryStateStore(now: () => number = Date.now): StateStore {
  const spent = new Map<string, number>();
  return {
    spend(id, expires) {
      // in the order in which they were added, so that the oldest come first
      for (const [each, until] of spent) {
        if (until > now()) break;
        spent.delete(each);
      }
      if (spent.has(id)) return false;
      spent.set(id, expires);
      return true;
    },
  };
}
