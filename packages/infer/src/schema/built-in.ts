import type { Type, TypeScriptSymbol } from '../compiler/typescript.ts';
import type { Place, SchemaBuilder } from './builder.ts';
import { isDate, type JsonSchema } from './json-schema.ts';

const instead: Readonly<Record<string, string>> = {
  Map: 'use Record<string, T>',
  ReadonlyMap: 'use Record<string, T>',
  WeakMap: 'use Record<string, T>',
  Set: 'use T[] & UniqueItems',
  ReadonlySet: 'use T[] & UniqueItems',
  WeakSet: 'use T[] & UniqueItems',
  Promise: 'await it first',
  PromiseLike: 'await it first',
  RegExp: 'use string',
  URL: "use string & Format<'uri'>",
  Uint8Array: 'use a base64 string, or return content blocks',
  Buffer: 'use a base64 string, or return content blocks',
  ArrayBuffer: 'use a base64 string, or return content blocks',
  Blob: 'use a base64 string, or return content blocks',
  Function: 'take it out of the signature',
  Error: 'throw it, or return its message',
  AbortSignal: 'take a Context and use its signal',
  Iterable: 'use T[]',
  AsyncIterable: 'use T[]',
  Generator: 'use T[]',
  AsyncGenerator: 'use T[]',
  ReadableStream: 'use T[] or string',
};

/** What TypeScript's own library and Node declare: a Date and the boxed primitives are data, nothing else is. */
export function builtInSchema(builder: SchemaBuilder, type: Type, place: Place): JsonSchema | undefined {
  const name = builtInName(builder, type.getSymbol());
  if (name === undefined) return undefined;
  if (name === 'Date') return { type: 'string', format: 'date-time', [isDate]: true };
  if (name === 'String' || name === 'Number' || name === 'Boolean') {
    const primitive = name.toLowerCase();
    return builder.refuse('MRT1032', place, `\`${name}\` is the boxed object`, `write \`${primitive}\``);
  }
  const fix = instead[name] ?? 'use an interface with the fields that are needed';
  return builder.refuse('MRT1032', place, `\`${builder.print(type)}\` has no JSON form`, fix);
}

/** `__type` is a mapped or literal type that only happens to be written there, such as `Partial`. */
function builtInName(builder: SchemaBuilder, symbol: TypeScriptSymbol | undefined): string | undefined {
  if (!symbol || symbol.name.startsWith('__')) return undefined;
  const owner = builder.program.inDefaultLibrary(symbol) ? 'lib' : builder.program.packageOf(symbol);
  return owner === 'lib' || owner === '@types/node' || owner === 'undici-types' ? symbol.name : undefined;
}
