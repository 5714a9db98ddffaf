/** What an attack wants from a server, whatever its tools are called. */
export type Action =
  | { readonly kind: 'read' | 'list' | 'info' | 'tree'; readonly path: string }
  | { readonly kind: 'tail'; readonly path: string; readonly lines: number }
  | { readonly kind: 'search' | 'grep'; readonly path: string; readonly pattern: string }
  | { readonly kind: 'readMany'; readonly paths: readonly string[] };

/** A tool call. */
interface ToolCall {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

/** How one filesystem server is started and asked. To attack another server, write another of these. */
export interface Adapter {
  readonly name: string;
  /** The program that serves these folders over stdio. */
  command(roots: readonly string[]): { readonly command: string; readonly args: readonly string[] };
  /** The call that comes nearest; undefined where the server has nothing of the kind. */
  call(action: Action): ToolCall | undefined;
}
