import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Tools of one class: as many as the text below has. */
const TOOLS_IN_A_CLASS = 5;

const compilerOptions = {
  target: 'ES2024',
  lib: ['ES2024', 'ESNext.Decorators', 'ESNext.Disposable'],
  module: 'NodeNext',
  types: ['node'],
  strict: true,
  experimentalDecorators: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  customConditions: ['@mortise/source'],
};

/** A project on disk with so many tools: a class and a file of types for every five, and one of types for all;
 * `changed` are compiler options that differ. */
export function projectOf(
  tools: number,
  changed: Readonly<Record<string, unknown>> = {},
): Disposable & { readonly directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'mortise-bench-infer-'));
  const packages = fileURLToPath(new URL('../../packages/infer/node_modules', import.meta.url));
  symlinkSync(packages, join(directory, 'node_modules'), 'junction');
  mkdirSync(join(directory, 'src'));
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
  write('package.json', JSON.stringify({ name: 'bench', type: 'module' }));
  write('tsconfig.json', JSON.stringify({ compilerOptions: { ...compilerOptions, ...changed }, include: ['src'] }));
  write('src/shared.ts', shared);
  for (let index = 0; index < tools / TOOLS_IN_A_CLASS; index += 1) {
    write(`src/records-${index}.ts`, records(index));
    write(`src/class-${index}.ts`, service(index));
  }
  return { directory, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) };
}

const shared = `import type { Int } from '@mortise/toolkit';

/** An amount of money. */
export interface Money {
  /** In the currency's smallest unit */
  minor: Int;
  /** ISO 4217 code, such as USD */
  currency: string;
}

/** Who did something, and when. */
export interface Change {
  /** RFC 3339, UTC */
  at: Date;
  actor: string;
  reason: string | null;
}

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  /** Pass it as cursor for the next page; null on the last one */
  next_cursor: string | null;
}

`;

function records(index: number): string {
  return `import type { Int, Max, Min, MinItems } from '@mortise/toolkit';
import type { Change, Money } from './shared.ts';

export type Status${index} = 'draft' | 'open' | 'paid' | 'shipped' | 'closed';

/** One line of a record. */
export interface Line${index} {
  /** Stock number */
  sku: string;
  quantity: Int & Min<1> & Max<999>;
  unit_price: Money;
}

/** A record in full. */
export interface Record${index} {
  /** Such as REC-1042 */
  record_id: string;
  status: Status${index};
  total: Money;
  lines: Line${index}[] & MinItems<1>;
  /** How often each status was reached */
  reached: Partial<Record<Status${index}, Int>>;
  history: Change[];
  payment: { kind: 'card'; last_four: string } | { kind: 'transfer'; iban: string } | null;
}

/** A record in short. */
export type Summary${index} = Pick<Record${index}, 'record_id' | 'status' | 'total'>;

/** What a new record is made of. */
export interface Draft${index} extends Omit<Record${index}, 'record_id' | 'status' | 'history' | 'reached'> {
  /** For the warehouse, up to a few lines */
  note?: string;
}
`;
}

function service(index: number): string {
  return `import { tool, type Context, type Int, type Max, type MaxLength, type Min, type MinLength } from '@mortise/toolkit';
import type { Draft${index}, Record${index}, Status${index}, Summary${index} } from './records-${index}.ts';
import type { Page } from './shared.ts';

export class Service${index} {
  /**
   * Search records by text.
   * @param query - Text to look for
   * @param status - Only those with one of these
   * @param limit - How many to list at most
   * @param cursor - The next_cursor of the page before
   */
  @tool()
  search_records_${index}(
    query: string & MinLength<1> & MaxLength<200>,
    status?: Status${index}[],
    limit: Int & Min<1> & Max<50> = 10,
    cursor?: string,
  ): Promise<Page<Summary${index}>> {
    throw new Error(query + String(status) + String(limit) + String(cursor));
  }

  /**
   * Show one record.
   * @param record_id - Such as REC-1042
   */
  @tool()
  get_record_${index}(record_id: string, context: Context): Promise<Record${index}> {
    throw new Error(record_id + String(context));
  }

  /**
   * Create a record.
   * @param draft - What it is made of
   * @param dry_run - Only say what would be created
   */
  @tool()
  create_record_${index}(draft: Draft${index}, dry_run = false): Promise<Record${index}> {
    throw new Error(String(draft) + String(dry_run));
  }

  /**
   * Change a record; what is left out stays.
   * @param record_id - Such as REC-1042
   * @param changes - What becomes different
   */
  @tool()
  change_record_${index}({ record_id, changes }: { record_id: string; changes: Partial<Draft${index}> }): Promise<Record${index}> {
    throw new Error(record_id + String(changes));
  }

  /**
   * Say how many records there are.
   * @param since - Counted from this day on
   * @param group_by - What to count by
   */
  @tool()
  count_records_${index}(since: Date, group_by: 'status' | 'day' | 'actor' = 'status'): { counts: Record<string, Int> } {
    throw new Error(String(since) + group_by);
  }
}
`;
}
