/** Who calls, as verified by the transport; on stdio it comes from configuration. */
export interface Auth {
  /** The principal: a user or a service account. */
  readonly subject: string;
  /** The OAuth client or API key that the call came through. */
  readonly client?: string;
  /** Scopes granted to this call. */
  readonly scopes: readonly string[];
  /** Every other verified claim. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The two protocol eras that are served: `2025` (up to 2025-11-25, sessions) and `2026` (2026-07-28, no sessions). */
export type Era = '2025' | '2026';

/** Writes one record for the operator (stderr) and, where the client asked for it, to the client. */
export type LogFunction = (message: string, data?: Readonly<Record<string, unknown>>) => void;

/**
 * What a tool, prompt or resource can reach besides its arguments. A method receives it wherever it declares a
 * parameter of this type; it is never part of the input schema.
 */
export interface Context {
  /** Records by severity. Never put secrets into `data`. */
  readonly log: Readonly<Record<'debug' | 'info' | 'warning' | 'error', LogFunction>>;
  /**
   * Tells a client that asked for it how far the call is.
   * @param progress - What is done so far; grows with every call
   * @param total - What `progress` will be at the end, if known
   * @param message - One line for a person
   */
  progress(progress: number, total?: number, message?: string): Promise<void>;
  /** Fires when the client cancels, disconnects, or the server must stop. Hand it to whatever takes long. */
  readonly signal: AbortSignal;
  /** Who calls; undefined where the transport verifies nobody. */
  readonly auth: Auth | undefined;
  /** The request that is being answered. */
  readonly request: {
    /** Unique for this process and call; in every log record about it. */
    readonly id: string;
    readonly era: Era;
    /** HTTP headers; undefined on stdio. */
    readonly headers: Headers | undefined;
    /** Name and version that the client gives itself; not verified. */
    readonly client: { readonly name: string; readonly version: string } | undefined;
  };
}
