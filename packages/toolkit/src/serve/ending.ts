import type { Endpoint } from './endpoint.ts';
import { reasonOf, report } from './report.ts';
import { within } from './within.ts';

/** How a transport ended. */
export interface Ending {
  /** Something in flight did not answer in time: the signal of every call left was fired. */
  readonly cut: boolean;
  /** The transport and the resources of the server were closed in time and without an error. */
  readonly closed: boolean;
}

/** A transport at work. */
export interface Service {
  /** Resolves when the transport has ended, whoever began it. */
  readonly ended: Promise<Ending>;
  /** Begins the end, at most once. `reason` is what the signal of a cut call gives. */
  stop(reason: string): Promise<Ending>;
}

/** How long an end may take, in milliseconds from its beginning. */
export interface EndingLimits {
  /** Until the signal of every call that has not answered fires. */
  readonly answer: number;
  /** Until the transport is closed under the calls that ignore their signal. */
  readonly abort: number;
  /** Until everything is closed. */
  readonly close: number;
}

/**
 * Ends a transport that takes no more calls: lets the calls in flight answer, fires the signal of the others, closes
 * the transport and last the server's resources. Never rejects.
 * @param answered - Resolves when every call has answered and the answer is written
 */
export async function endGracefully(
  endpoint: Endpoint,
  answered: Promise<unknown>,
  closeTransport: () => Promise<void>,
  reason: string,
  limits: EndingLimits,
): Promise<Ending> {
  const begin = performance.now();
  const left = (limit: number): number => begin + limit - performance.now();

  const cut = !(await within(answered, left(limits.answer)));
  if (cut) {
    endpoint.calls.abort(reason);
    await within(answered, left(limits.abort));
  }
  const closing = closeTransport()
    .then(() => endpoint.close())
    .then(
      () => true,
      (error: unknown) => {
        report(`${endpoint.name}: closing failed: ${reasonOf(error)}`);
        return false;
      },
    );
  const inTime = await within(closing, left(limits.close));
  if (!inTime) report(`${endpoint.name}: closing took too long and was cut.`);
  return { cut, closed: inTime && (await closing) };
}
