import { wholeNumber } from './whole-number.ts';

/** The options by which an operator limits what one answer and one caller may cost. */
export const limitOptions = {
  'max-rows': {
    type: 'string',
    description: 'Entries on one page at most, whatever limit a call asks for; default 50',
    placeholder: 'number',
    environment: 'MAX_ROWS',
  },
  'max-response-bytes': {
    type: 'string',
    description: 'Bytes of one answer at most; a larger one is refused; default 48000',
    placeholder: 'bytes',
    environment: 'MAX_RESPONSE_BYTES',
  },
  'query-budget': {
    type: 'string',
    description: 'Milliseconds per minute that the database may work for one caller; default unlimited',
    placeholder: 'ms',
    environment: 'QUERY_BUDGET',
  },
} as const;

/** What the command line gave for the {@link limitOptions}. */
export type LimitValues = Readonly<Partial<Record<keyof typeof limitOptions, string | undefined>>>;

/** What one answer and one caller may cost. */
export interface Limits {
  /** Entries on a page, 1 to 50. */
  readonly rows: number;
  /** Of an answer, text and structured content together. */
  readonly bytes: number;
  /** Milliseconds of the database per minute and caller; `undefined` for no limit. */
  readonly budget: number | undefined;
}

/** @throws Error with one line for the operator */
export function limits(values: LimitValues): Limits {
  return {
    rows: numberOf(values, 'max-rows', 1, 50) ?? 50,
    bytes: numberOf(values, 'max-response-bytes', 1_000, 10_000_000) ?? 48_000,
    budget: numberOf(values, 'query-budget', 1, 10_000_000),
  };
}

function numberOf(values: LimitValues, name: keyof LimitValues, least: number, most: number): number | undefined {
  return wholeNumber(values[name], { name, environment: limitOptions[name].environment }, least, most);
}
