/** What a change means to a client that was written, or a model that was prompted, against the old surface. */
export type Severity = 'breaking' | 'compatible' | 'text';

/** One difference between two surfaces. */
export interface Change {
  readonly severity: Severity;
  /** Such as `tool search_customers, arguments.limit`. */
  readonly where: string;
  /** One clause without a full stop. */
  readonly what: string;
}

/** How a schema differs: it takes fewer values, or more, or others. */
export interface SchemaChange {
  readonly effect: 'narrower' | 'wider' | 'other' | 'text' | 'added' | 'removed';
  /** Within the schema: `.items[].price`. */
  readonly path: string;
  readonly what: string;
}
