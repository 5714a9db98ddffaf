import { createHash } from 'node:crypto';

/** What a transport knows of a call. */
interface CallContext {
  readonly auth: { readonly subject: string } | undefined;
  readonly request: { readonly client: { readonly name: string } | undefined };
}

/** Who asks for what: what a change is recorded under. */
export interface Call {
  readonly tool: string;
  /** Verified by the transport; `local` on stdio, where whoever started the process calls. */
  readonly principal: string;
  /** The name that the client gives itself. */
  readonly client: string | null;
  /** Of everything that was asked for; equal for equal requests. */
  readonly requestHash: string;
  readonly key: string | undefined;
}

/**
 * @param request - The arguments that decide what happens, as JSON; neither keys nor tokens
 * @param key - The idempotency key that came with them
 */
export function callOf(context: CallContext, tool: string, request: unknown, key: string | undefined): Call {
  return {
    tool,
    principal: context.auth?.subject ?? 'local',
    // Not verified: whatever Postgres could not hold is left out.
    client:
      context.request.client?.name
        .replaceAll(/\p{Cc}/gu, '')
        .slice(0, 200)
        .toWellFormed() ?? null,
    requestHash: requestHash(tool, request),
    key,
  };
}

/** A short text that is the same for the same request only. */
export function requestHash(tool: string, request: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([tool, request]))
    .digest('base64url');
}
