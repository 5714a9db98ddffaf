import type { Context } from '@mortise/toolkit';

/**
 * The methods of a class as a client calls them: without the context, and with what arrives as JSON.
 * A tool gives its structured result or its text, a prompt the text of its one message or its messages, a resource its
 * parsed JSON, text or bytes.
 */
export type Methods<C> = {
  readonly [Name in keyof C as C[Name] extends AnyMethod ? Name : never]: C[Name] extends (
    ...parameters: infer P
  ) => infer R
    ? (...parameters: WithoutContext<P>) => Promise<OnTheWire<Awaited<R>>>
    : never;
};

type AnyMethod = (...parameters: never[]) => unknown;

/** Parameters without the context; one that may be undefined may be left out, whatever stands behind it. */
export type WithoutContext<P extends readonly unknown[]> = P extends readonly []
  ? []
  : P extends readonly [infer First, ...infer Rest]
    ? Parameter<First, undefined extends First ? [First?] : [First], Rest>
    : number extends P['length']
      ? P extends readonly [(infer First)?, ...infer Rest]
        ? P[number][] extends P
          ? P
          : Parameter<First, [First?], Rest>
        : P
      : P extends readonly [(infer First)?, ...infer Rest]
        ? Parameter<First, [First?], Rest>
        : [];

type Parameter<First, Itself extends readonly unknown[], Rest extends readonly unknown[]> = [First] extends [never]
  ? [...Itself, ...WithoutContext<Rest>]
  : [NonNullable<First>] extends [Context]
    ? WithoutContext<Rest>
    : [...Itself, ...WithoutContext<Rest>];

/** A value after its way through JSON: a date is a string. */
export type OnTheWire<T> = T extends string | number | boolean | null | undefined | Uint8Array
  ? T
  : T extends Date
    ? string
    : T extends object
      ? { [Key in keyof T]: OnTheWire<T[Key]> }
      : T;
