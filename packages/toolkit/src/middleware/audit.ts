import { reasonOf, report } from '../serve/report.ts';
import type { Awaitable } from '../define/definitions.ts';
import type { Call, Middleware, Refusal } from '../dispatch/middleware.ts';
import { measure } from './measure.ts';
import { observe, type Ending } from './observe.ts';
import { redact, type RedactionRules } from './redact.ts';

/** One call, as the audit keeps it. */
export interface AuditRecord {
  /** When the call had ended, in ISO 8601. */
  readonly time: string;
  /** `context.request.id`: the same as in every log record of the call. */
  readonly request: string;
  /** The verified principal; null where nobody was verified. */
  readonly subject: string | null;
  /** The OAuth client or API key; null where nobody was verified. */
  readonly client: string | null;
  /** What the client program calls itself, with its version: not verified. */
  readonly agent: string | null;
  /** One of those that middleware sees; of a request that was refused for want of scopes any other, too. */
  readonly method: string;
  /** The name of the tool, prompt or resource. */
  readonly name: string;
  /** What it was done to: the URI of a resource, of the rest what the `target` option says. */
  readonly target: string | null;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly outcome: Ending['outcome'];
  /** Of what is no success, such as `NOT_FOUND`. */
  readonly code: string | null;
  readonly duration_ms: number;
  /** Of the result; 0 where there is none. */
  readonly bytes: number;
}

/** Where records go. The client is answered when `write` is done; when it fails, that is reported on stderr. */
export interface AuditSink {
  write(record: AuditRecord): Awaitable<void>;
}

/** What is recorded, and where. */
export interface AuditOptions {
  /** Default: {@link auditToStderr}. */
  readonly sink?: AuditSink;
  /** What of the arguments is written down; by default their names, and of their values only type and size. */
  readonly redaction?: RedactionRules;
  /** What a call is done to, such as `(call) => String(call.arguments['order_id'])`. */
  readonly target?: (call: Call) => string | undefined;
}

/** Writes `{"audit":{…}}` lines on stderr, between the log records. */
export const auditToStderr: AuditSink = {
  write: (record) => void process.stderr.write(`${JSON.stringify({ audit: record })}\n`),
};

/**
 * Keeps a record of every call: who, through which client, what, to what, how it ended, how long it took and how much
 * it gave out. Put it first, so that it sees what the others refuse. A request that is refused for want of scopes is
 * recorded as well.
 *
 * ```ts
 * createServer({ name, version, use: [audit({ redaction: { show: ['order_id'] } })] });
 * ```
 */
export function audit({ sink = auditToStderr, redaction = {}, target }: AuditOptions = {}): Middleware {
  const write = (record: AuditRecord): Awaitable<void> => {
    const failed = (error: unknown): void =>
      report(`the audit record of request ${record.request} (${record.name}) was not written: ${reasonOf(error)}`);
    try {
      const written = sink.write(record);
      if (written) return Promise.resolve(written).catch(failed);
    } catch (error) {
      failed(error);
    }
  };
  const middleware: Middleware = (call, next) =>
    observe(call, next, (ending) => write(recordOf(call, ending, redaction, target)));
  return Object.assign(middleware, {
    refused: (refusal: Refusal) => write(refusalRecordOf(refusal, redaction)),
  });
}

/** What was refused has no target but a URI: nobody has looked at its arguments yet. */
function refusalRecordOf(refusal: Refusal, rules: RedactionRules): AuditRecord {
  const { method, name, uri = null, auth, request, code } = refusal;
  return {
    time: now(),
    request: request.id,
    subject: auth?.subject ?? null,
    client: auth?.client ?? null,
    agent: agentOf(request.client),
    method,
    name,
    target: uri,
    arguments: redact(refusal.arguments, rules),
    outcome: 'error',
    code,
    duration_ms: 0,
    bytes: 0,
  };
}

function recordOf(call: Call, ending: Ending, rules: RedactionRules, target: AuditOptions['target']): AuditRecord {
  const { auth, request } = call.context;
  const { outcome, code = null, milliseconds, result } = ending;
  return {
    time: now(),
    request: request.id,
    subject: auth?.subject ?? null,
    client: auth?.client ?? null,
    agent: agentOf(request.client),
    method: call.method,
    name: call.name,
    target: target?.(call) ?? call.uri ?? null,
    arguments: redact(call.arguments, rules),
    outcome,
    code,
    duration_ms: Math.round(milliseconds * 10) / 10,
    bytes: result ? measure(result) : 0,
  };
}

function agentOf(client: Refusal['request']['client']): string | null {
  return client ? `${client.name}/${client.version}`.slice(0, 100) : null;
}

let millisecond = Number.NaN;
let written = '';

/** Many calls end in one millisecond of a busy server, and to write a time takes longer than to count a call. */
function now(): string {
  const current = Date.now();
  if (current !== millisecond) written = new Date((millisecond = current)).toISOString();
  return written;
}
