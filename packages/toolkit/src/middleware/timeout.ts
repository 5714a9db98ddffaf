import { withSignal } from '../context/create-context.ts';
import { ToolError } from '../define/errors.ts';
import type { Call, Middleware } from '../dispatch/middleware.ts';

/**
 * Answers for a call that takes too long: `context.signal` fires, and the model gets `TIMEOUT`. What the handler does
 * after that nobody waits for, so hand the signal to whatever takes long.
 *
 * ```ts
 * createServer({ name, version, use: [timeout((call) => (call.name === 'export_orders' ? 120_000 : 30_000))] });
 * ```
 * @param limit - Milliseconds, or a function of the call. Clients of the SDK wait 60 s: stay below
 */
export function timeout(limit: number | ((call: Call) => number)): Middleware {
  return async (call, next) => {
    const milliseconds = typeof limit === 'function' ? limit(call) : limit;
    const { context } = call;
    const controller = new AbortController();
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      controller.abort(new DOMException(`no answer within ${milliseconds} ms`, 'TimeoutError'));
      late.reject(timedOut(call, milliseconds));
    }, milliseconds);
    const signal = AbortSignal.any([context.signal, controller.signal]);
    const answer = next({ context: withSignal(context, signal) });
    answer.catch(() => undefined); // a call that fails after its time has nobody to tell
    try {
      return await Promise.race([answer, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  };
}

function timedOut({ name, definition }: Call, milliseconds: number): ToolError {
  const repeatable = definition.readOnly === true || definition.idempotent === true;
  return new ToolError(`${name} did not answer within ${milliseconds / 1000} s and was stopped.`, {
    code: 'TIMEOUT',
    retryable: repeatable,
    hint: repeatable
      ? 'Ask for less, or try again later.'
      : 'It may have done its work or a part of it: look before you call it again.',
  });
}
