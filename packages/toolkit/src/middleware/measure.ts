import type { Answers, CallMethod } from '../dispatch/middleware.ts';

type Part = { readonly text?: unknown; readonly type?: unknown };

/** The bytes of a result that its reader gets: of text its own, of everything else those of its JSON. */
export function measure(result: Answers[CallMethod]): number {
  const { content, contents, messages, structuredContent } = result as {
    content?: readonly Part[];
    contents?: readonly Part[];
    messages?: readonly { content: Part }[];
    structuredContent?: unknown;
  };
  const parts = content ?? contents ?? messages?.map((message) => message.content) ?? [];
  const completion = 'completion' in result ? result.completion : undefined;
  let bytes = jsonBytes(structuredContent) + jsonBytes(completion);
  for (const part of parts) bytes += bytesOf(part);
  return bytes;
}

/** The bytes of one block. */
export function bytesOf(part: Part): number {
  return typeof part.text === 'string' ? Buffer.byteLength(part.text) : jsonBytes(part);
}

function jsonBytes(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}
