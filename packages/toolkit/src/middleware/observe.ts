import type { Awaitable } from '../define/definitions.ts';
import type { Answers, Call, CallMethod, Failure, Next } from '../dispatch/middleware.ts';

/** How a call ended, for those who keep account of it. */
export interface Ending {
  readonly outcome: 'ok' | Failure['outcome'];
  /** Of what is no success, such as `NOT_FOUND`. */
  readonly code: string | undefined;
  readonly jsonRpcCode: number | undefined;
  readonly milliseconds: number;
  /** Undefined where the call threw. */
  readonly result: Answers[CallMethod] | undefined;
}

/** Goes on with a call and tells how it ended, before the client is. */
export async function observe<M extends CallMethod>(
  call: Call<M>,
  next: Next<M>,
  tell: (ending: Ending) => Awaitable<void>,
): Promise<Answers[M]> {
  const begin = performance.now();
  let result: Answers[M];
  try {
    result = await next();
  } catch (error) {
    await tell({ ...call.failureOf(error), milliseconds: performance.now() - begin, result: undefined });
    throw error;
  }
  const milliseconds = performance.now() - begin;
  const isError = 'isError' in result && result.isError === true;
  const code = isError ? 'TOOL_ERROR' : undefined;
  const told = tell({ outcome: isError ? 'error' : 'ok', code, jsonRpcCode: undefined, milliseconds, result });
  if (told) await told; // a turn of the loop for nothing is felt
  return result;
}
