/**
 * Constraint types: `Int & Min<1> & Max<50>` is a `number` to TypeScript and an `integer` between 1 and 50 to the model.
 * A plain value stays assignable, so nothing is wrapped or cast.
 */

/** Carries JSON Schema keywords in a type; the property never exists at run time. */
export interface Constraint<Keywords extends object> {
  readonly __schema?: Keywords;
}

/** A whole number. */
export type Int = number & Constraint<{ type: 'integer' }>;
/** Smallest number allowed. */
export type Min<N extends number> = Constraint<{ minimum: N }>;
/** Largest number allowed. */
export type Max<N extends number> = Constraint<{ maximum: N }>;
/** Numbers above N. */
export type ExclusiveMin<N extends number> = Constraint<{ exclusiveMinimum: N }>;
/** Numbers below N. */
export type ExclusiveMax<N extends number> = Constraint<{ exclusiveMaximum: N }>;
/** Multiples of N. */
export type MultipleOf<N extends number> = Constraint<{ multipleOf: N }>;
/** Fewest characters allowed. */
export type MinLength<N extends number> = Constraint<{ minLength: N }>;
/** Most characters allowed. */
export type MaxLength<N extends number> = Constraint<{ maxLength: N }>;
/** A regular expression (ECMA-262, not anchored) that the text has to match. */
export type Pattern<P extends string> = Constraint<{ pattern: P }>;
/** A format of JSON Schema 2020-12, section 7.3. */
export type Format<
  F extends 'date' | 'date-time' | 'time' | 'duration' | 'email' | 'hostname' | 'ipv4' | 'ipv6' | 'uri' | 'uuid',
> = Constraint<{ format: F }>;
/** Fewest elements allowed. */
export type MinItems<N extends number> = Constraint<{ minItems: N }>;
/** Most elements allowed. */
export type MaxItems<N extends number> = Constraint<{ maxItems: N }>;
/** No two elements are equal. */
export type UniqueItems = Constraint<{ uniqueItems: true }>;
