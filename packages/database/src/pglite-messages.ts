import type { Statement } from './session-settings.ts';

/** What the thread of the embedded engine is started with. */
export interface WorkerConfig {
  /** Directory of a persistent database; in memory when absent. */
  readonly directory?: string | undefined;
  /** File that exists while the directory is being created. */
  readonly marker?: string | undefined;
  /** Path of the template that a new database starts as; empty when absent. */
  readonly template?: string | undefined;
  readonly settings: Statement;
  /** Server settings by name, as `postgres -c name=value`. */
  readonly serverSettings?: Readonly<Record<string, string>> | undefined;
}

/** One request at a time. */
export type WorkerRequest =
  | { readonly type: 'query'; readonly sql: string; readonly parameters: (string | null)[] }
  | { readonly type: 'dump' }
  | { readonly type: 'close' };

/** `ready` or `error` after the start, then one reply to each request. */
export type WorkerReply =
  | { readonly type: 'ready' }
  | {
      readonly type: 'rows';
      readonly rows: (string | null)[][];
      readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
      readonly command: string | undefined;
      readonly rowCount: number | undefined;
    }
  | { readonly type: 'dump'; readonly tar: ArrayBuffer }
  | { readonly type: 'closed' }
  | {
      readonly type: 'error';
      readonly message: string;
      readonly fields: Readonly<Record<string, string | undefined>>;
    };
