import type { Mapping } from './mapped-tables.ts';

/** The tables of a shop that is there already; without one, those that `customer-db migrate` makes. */
export const mapping: Mapping | undefined = undefined;
