import type { CallToolResult } from '@modelcontextprotocol/client';

/** A tool answered with an error that the model may read (`isError`). */
export class ToolCallError extends Error {
  override readonly name = 'ToolCallError';
  /** Stable, such as `NOT_FOUND`; undefined when the server is none of the toolkit's. */
  readonly code: string | undefined;
  /** What to do next, as the model is told. */
  readonly hint: string | undefined;
  /** The answer in full. */
  readonly result: CallToolResult;

  /** @param text - What the model reads */
  constructor(text: string, result: CallToolResult) {
    super(text);
    const error = result._meta?.['mortise/error'] as { code?: string; hint?: string } | undefined;
    this.code = error?.code;
    this.hint = error?.hint;
    this.result = result;
  }
}
