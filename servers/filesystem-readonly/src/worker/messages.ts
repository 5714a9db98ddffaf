import type { RefusalCode } from '../confine/refusal.ts';
import type { Root } from '../confine/roots.ts';
import type { Operations } from '../operations/operations.ts';
import type { ProtectionOptions } from '../policy/secrets.ts';

/** What a worker thread is started with. */
export interface WorkerStart {
  readonly roots: readonly Root[];
  readonly protection: ProtectionOptions;
}

/** Asks a worker for one operation; it has one at a time. */
export interface WorkerRequest {
  readonly operation: keyof Operations;
  readonly input: unknown;
  /** URIs of the folders that the client wants to be kept to; undefined for all that may be read. */
  readonly within: readonly string[] | undefined;
  /** Milliseconds until the operation has to end with what there is. */
  readonly time: number;
  /** One 32-bit word: not zero when nobody waits any more. */
  readonly stop: SharedArrayBuffer;
}

/** What a worker says. */
export type WorkerReply =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number | undefined; readonly message: string }
  | { readonly kind: 'answer'; readonly value: unknown }
  | {
      readonly kind: 'refusal';
      readonly code: RefusalCode;
      readonly message: string;
      readonly hint: string | undefined;
    }
  | { readonly kind: 'failure'; readonly cause: string };
