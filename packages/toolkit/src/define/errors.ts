/** What a {@link ToolError} carries besides its message. */
export interface ToolErrorOptions {
  /** Stable, machine-readable code in UPPER_SNAKE_CASE; default `TOOL_ERROR`. */
  readonly code?: string;
  /** The step that mends it, one sentence to the model. */
  readonly hint?: string;
  /** The same call may succeed later without a change; default false. */
  readonly retryable?: boolean;
  /** Plain data about the failure, shown to the model as JSON. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** What caused it; logged for the operator, never shown to the model. */
  readonly cause?: unknown;
}

/**
 * An error meant for the model: its code, message and hint are sent as an `isError` result. Every other error is
 * masked, so write into this one only what the caller may read.
 *
 * ```ts
 * throw new ToolError('ORD-17 is already shipped', { code: 'INVALID_TRANSITION', hint: 'Call get_order first.' });
 * ```
 */
export class ToolError extends Error {
  override readonly name: string = 'ToolError';
  readonly code: string;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(message: string, options: ToolErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = options.code ?? 'TOOL_ERROR';
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.details = options.details;
  }
}

/** What was asked for does not exist, or the caller may not know that it does. Code `NOT_FOUND` unless given. */
export class NotFoundError extends ToolError {
  override readonly name = 'NotFoundError';

  constructor(message: string, options: ToolErrorOptions = {}) {
    super(message, { code: 'NOT_FOUND', ...options });
  }
}
