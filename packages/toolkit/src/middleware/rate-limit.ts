import { RateLimiterMemory, type RateLimiterAbstract } from 'rate-limiter-flexible';

import type { Auth } from '../context/context.ts';
import { ToolError } from '../define/errors.ts';
import type { Call, Middleware } from '../dispatch/middleware.ts';

type Limiter = Pick<RateLimiterAbstract, 'consume'>;

/** How often one caller may call. */
export interface RateLimitOptions {
  /**
   * The limit of this process, or a limiter of rate-limiter-flexible with a store that several processes share, such as
   * `RateLimiterPostgres` or `RateLimiterRedis`, or a promise of one that has to prepare its store first. When a store
   * fails, calls are refused (`INTERNAL`); its `insuranceLimiter` is what counts on meanwhile.
   */
  readonly limit: { readonly calls: number; readonly seconds: number } | Limiter | Promise<Limiter>;
  /**
   * Whose calls are counted together. Default: the verified subject and client; all callers that nobody verified count
   * as one, since nothing that they say of themselves can be trusted.
   */
  readonly by?: (call: Call) => string;
  /** How many calls this one counts as; 0 is not counted. Default 1. */
  readonly cost?: (call: Call) => number;
}

/**
 * Refuses a caller's calls above a limit with the retryable error `RATE_LIMITED`, whose `details.retry_after` says in
 * seconds when the next one may come.
 *
 * ```ts
 * createServer({ name, version, use: [rateLimit({ limit: { calls: 60, seconds: 60 } })] });
 * ```
 */
export function rateLimit({ limit, by = callerOf, cost = () => 1 }: RateLimitOptions): Middleware {
  const limiter = 'calls' in limit ? new RateLimiterMemory({ points: limit.calls, duration: limit.seconds }) : limit;
  Promise.resolve(limiter).catch(() => undefined); // the calls tell
  return async (call, next) => {
    const points = cost(call);
    if (points > 0) {
      const ready = limiter instanceof Promise ? await limiter : limiter;
      try {
        await ready.consume(by(call), points);
      } catch (refused) {
        throw refusalOf(refused);
      }
    }
    return await next();
  };
}

/** What a caller is told; what the limiter could not do is passed on as it is. */
function refusalOf(refused: unknown): unknown {
  const { msBeforeNext } = refused as { msBeforeNext?: unknown };
  if (refused instanceof Error || typeof msBeforeNext !== 'number') return refused;
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new ToolError('There were too many calls.', {
    code: 'RATE_LIMITED',
    retryable: true,
    hint: `Wait ${seconds} s before the next call.`,
    details: { retry_after: seconds },
  });
}

const names = new WeakMap<Auth, string>();

function callerOf({ context: { auth } }: Call): string {
  if (!auth) return '';
  let name = names.get(auth);
  if (name === undefined) names.set(auth, (name = JSON.stringify([auth.subject, auth.client])));
  return name;
}
