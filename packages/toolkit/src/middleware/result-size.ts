import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/server';

import { ToolError } from '../define/errors.ts';
import type { Call, MethodMiddleware } from '../dispatch/middleware.ts';
import { bytesOf, measure } from './measure.ts';

/** How much one result may hold. */
export interface ResultSizeOptions {
  /** Bytes of text and structured content together; 4 bytes are about one token of English. */
  readonly bytes: number;
  /** Shortens plain text, with a notice at its end; default true. With false every result over the budget is an error. */
  readonly truncate?: boolean;
}

const SMALLEST = 1_000;

const LONGEST_NOTICE = 200;

/**
 * Keeps results within a budget that counts text and structured content. Plain text is cut, with a notice; what a cut
 * would break (structured content, text that is JSON, resources, prompts) becomes the error `RESULT_TOO_LARGE`.
 *
 * ```ts
 * createServer({ name, version, use: [resultSize({ bytes: 100_000 })] });
 * ```
 * @throws RangeError for a budget below 1,000 bytes, which would not hold an error either
 */
export function resultSize({ bytes, truncate = true }: ResultSizeOptions): MethodMiddleware {
  if (!(bytes >= SMALLEST)) throw new RangeError(`resultSize needs a budget of at least ${SMALLEST} bytes`);
  return {
    async 'tools/call'(call, next) {
      const result = await next();
      const size = measure(result);
      if (size <= bytes) return result;
      if (!truncate || result.isError === true || !canBeCut(result, bytes)) throw tooLarge(call, size, bytes);
      return cut(result, size, bytes);
    },
    async 'prompts/get'(call, next) {
      const result = await next();
      return within(call, measure(result), bytes, result);
    },
    async 'resources/read'(call, next) {
      const result = await next();
      return within(call, measure(result), bytes, result);
    },
  };
}

function within<R>(call: Call, size: number, limit: number, result: R): R {
  if (size > limit) throw tooLarge(call, size, limit);
  return result;
}

function tooLarge({ definition, name }: Call, size: number, limit: number): ToolError {
  const done = definition.readOnly === true ? '' : ' The call itself was carried out: do not repeat it for its effect.';
  return new ToolError(`The result of ${name} has ${size} bytes; ${limit} are allowed.${done}`, {
    code: 'RESULT_TOO_LARGE',
    hint: 'Ask for less: a narrower question, fewer entries, or one part at a time.',
    details: { bytes: size, limit },
  });
}

/** Text that is JSON would not be any more; structured content is kept whole, so it has to fit beside the notice. */
function canBeCut({ content, structuredContent }: CallToolResult, limit: number): boolean {
  const room = limit - LONGEST_NOTICE - measure({ content: [], structuredContent });
  return room > 0 && content.every((block) => block.type !== 'text' || !isJson(block.text));
}

function isJson(text: string): boolean {
  if (!/^\s*[[{"]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Keeps the blocks from the first on that fit whole, and of the text that does not fit as much as does. */
function cut(result: CallToolResult, size: number, limit: number): CallToolResult {
  const notice = `[Shortened: the result has ${size} bytes, of which ${limit} are allowed. Ask for less at a time.]`;
  let left = limit - Buffer.byteLength(notice) - measure({ ...result, content: [] });
  const kept: ContentBlock[] = [];
  for (const block of result.content) {
    const bytes = bytesOf(block);
    if (bytes <= left) kept.push(block);
    else if (block.type === 'text' && left > 0) kept.push({ ...block, text: firstBytes(block.text, left) });
    left -= bytes;
    if (left <= 0) break;
  }
  return { ...result, content: [...kept, { type: 'text', text: notice }] };
}

/** At most `limit` bytes of the text, without half a character at the end. */
function firstBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text).subarray(0, limit);
  return new TextDecoder('utf-8').decode(bytes, { stream: true });
}
