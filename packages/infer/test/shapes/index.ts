/**
 * Every construct of TypeScript that has a JSON form. The table is the test suite of the schemas, and docs/schemas.md is
 * written from it.
 */
import { arrays } from './arrays.ts';
import { computed } from './computed.ts';
import { constraints } from './constraints.ts';
import { literals } from './literals.ts';
import { objects } from './objects.ts';
import { primitives } from './primitives.ts';
import type { Shape } from './shape.ts';

export type { Shape } from './shape.ts';

/** Declared once, in a file of its own, for the shapes that import. */
export const otherFile = `
/** A postal address. */
export interface Address {
  /** Street and number */
  street: string;
  /** @pattern ^\\d{5}$ */
  zip: string;
  country?: string;
}
export type Page<T> = { items: T[]; next: string | null };
export const LIMITS = { page: 25, tiers: ['free', 'pro'] } as const;
export enum Level { Low = 1, High = 9 }
`;

export const groups: Readonly<Record<string, readonly Shape[]>> = {
  'Primitive values': primitives,
  'Literals, unions and enums': literals,
  'Arrays and tuples': arrays,
  Objects: objects,
  'Generic, mapped and recursive types': computed,
  Constraints: constraints,
};
