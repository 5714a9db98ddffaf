import { randomBytes } from 'node:crypto';

import { ToolError } from '../define/errors.ts';
import { oneLine } from '../serve/report.ts';

/** An error as its reader gets it. */
export interface Problem {
  /** Stable, machine-readable, UPPER_SNAKE_CASE. */
  readonly code: string;
  readonly message: string;
  /** The next step. */
  readonly hint?: string | undefined;
  /** The same call may succeed later without a change. */
  readonly retryable?: boolean | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** Set when the cause was masked: what the operator finds in the log. */
  readonly incident?: string | undefined;
}

/** Recognises errors of a library, such as a database's, and says what the caller may know of them. */
export type DescribeError = (error: unknown) => Problem | undefined;

/** What the operator is told of a masked error: one line, no stack. */
export type ReportIncident = (incident: string, cause: string) => void;

/** What was thrown, or an error in its place where looking at it throws another one. */
export function readable(thrown: unknown): unknown {
  try {
    if (thrown instanceof Error) void `${thrown.name}${thrown.message}`;
    return thrown;
  } catch {
    return new Error('what was thrown cannot be read');
  }
}

/** The problem that an error says itself, or that the server's `describeError` recognises. */
export function knownProblem(error: unknown, describe: DescribeError | undefined): Problem | undefined {
  if (!(error instanceof ToolError)) {
    try {
      return describe?.(error);
    } catch {
      return undefined; // it was not made for what was thrown: that is masked then
    }
  }
  const { code, message, hint, retryable, details } = error;
  return { code, message, hint, retryable, details };
}

/** What is shown of an error that nobody recognises; its cause is reported under an id. */
export function maskedProblem(error: unknown, report: ReportIncident): Problem {
  const incident = randomBytes(6).toString('hex');
  report(incident, cause(error));
  return {
    code: 'INTERNAL',
    message: `The server failed to answer (incident ${incident}).`,
    hint: 'This is not about the arguments: tell the user, with the incident number, and do not repeat the call.',
    incident,
  };
}

/** Whether an error is only the consequence of a call that was cancelled. */
export function cancelled(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && !(error instanceof ToolError);
}

/** `CODE: message hint`, which is what a model reads. */
export function problemText({ code, message, hint }: Problem): string {
  return [`${code}: ${message}`, ...(hint === undefined ? [] : [hint])].join(' ');
}

/** Name, message and place of an error in one line. */
function cause(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${typeof error}`;
  const frame = error.stack?.split('\n').find((line) => /^\s+at /.test(line)) ?? '';
  const place = /\(?([^()/\\\s]+:\d+):\d+\)?$/.exec(frame)?.[1];
  return `${oneLine(`${error.name}: ${error.message}`).slice(0, 300)}${place === undefined ? '' : ` (at ${place})`}`;
}
