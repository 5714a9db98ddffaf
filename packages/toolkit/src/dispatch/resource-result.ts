import type { ReadResourceResult } from '@modelcontextprotocol/server';

import { isUiUri, VIEW_MIME_TYPE } from '../define/apps.ts';
import type { CacheHint } from '../define/caching.ts';
import type { ResourceOptions } from '../define/definitions.ts';
import type { ResourceDefinition } from '../surface/definition.ts';

type Contents = ReadResourceResult['contents'][number];

/** A file whose media type only its reader knows. */
export class FileContent {
  readonly value: string | Uint8Array;
  readonly mimeType: string;

  constructor(value: string | Uint8Array, mimeType: string) {
    this.value = value;
    this.mimeType = mimeType;
  }
}

/** What a resource returned, as a result of the protocol. */
export function resourceResult(
  uri: string,
  { options }: ResourceDefinition,
  value: unknown,
  hint: CacheHint | undefined,
): ReadResourceResult {
  const contents =
    value instanceof FileContent
      ? contentsOf(uri, value.mimeType, value.value)
      : contentsOf(uri, mimeTypeOf(uri, options), value);
  return { contents: [options.ui ? { ...contents, _meta: { ui: options.ui } } : contents], ...hint };
}

/** The media type that the author gave, or that the URI says. */
export function mimeTypeOf(uri: string, { mimeType }: ResourceOptions): string | undefined {
  return mimeType ?? (isUiUri(uri) ? VIEW_MIME_TYPE : undefined);
}

/** Bytes, text, or the JSON of anything else. */
function contentsOf(uri: string, mimeType: string | undefined, value: unknown): Contents {
  if (value instanceof Uint8Array) {
    return { uri, mimeType: mimeType ?? 'application/octet-stream', blob: Buffer.from(value).toString('base64') };
  }
  if (typeof value === 'string') return { uri, mimeType: mimeType ?? 'text/plain', text: value };
  return { uri, mimeType: mimeType ?? 'application/json', text: JSON.stringify(value) };
}
