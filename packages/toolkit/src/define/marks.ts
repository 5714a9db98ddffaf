import type { PromptOptions, ResourceOptions, ToolOptions } from './definitions.ts';
import type { Schema } from './schema.ts';

/** What a decorator left on a method. */
export type Mark =
  | { readonly kind: 'tool'; readonly options: ToolOptions; readonly input?: Schema; readonly output?: Schema }
  | { readonly kind: 'prompt'; readonly options: PromptOptions }
  | { readonly kind: 'resource'; readonly options: ResourceOptions; readonly uri: string }
  /** It stands without parentheses, so that nobody knows what was meant. */
  | { readonly kind: 'bare'; readonly decorator: 'tool' | 'prompt' };

type Method = (...parameters: never[]) => unknown;

// Kept on globalThis, so that a decorator and a server from two copies of this package still see the same marks.
const store = globalThis as { [key: symbol]: WeakMap<Method, Mark> | undefined };
const key = Symbol.for('@mortise/toolkit:marks');
const marks = (store[key] ??= new WeakMap());

/** The mark of a method, if a decorator left one. */
export function markOf(method: unknown): Mark | undefined {
  return typeof method === 'function' ? marks.get(method as Method) : undefined;
}

/**
 * Marks what a decorator was put on, under either protocol: TC39 passes `(method, context)`,
 * `experimentalDecorators` passes `(prototype, name, descriptor)`.
 */
export function markMethod(mark: Mark, first: unknown, second: unknown, third: unknown): void {
  const standard = typeof second === 'object' && second !== null ? (second as ClassMethodDecoratorContext) : undefined;
  const method = standard ? first : (third as PropertyDescriptor | undefined)?.value;
  const name = String(standard ? standard.name : second);
  const decorator = `@${mark.kind === 'bare' ? mark.decorator : mark.kind}()`;
  if (typeof method !== 'function' || (standard && standard.kind !== 'method')) {
    throw new TypeError(`${decorator} belongs on a method; ${name} is none`);
  }
  if (standard ? standard.static : typeof first === 'function') {
    throw new TypeError(`${decorator} belongs on an instance method; ${name} is static`);
  }
  if (standard?.private) throw new TypeError(`${decorator} belongs on a public method; ${name} is private`);
  if (marks.has(method as Method)) throw new TypeError(`${name} has two decorators; one method is one definition`);
  marks.set(method as Method, mark);
}
