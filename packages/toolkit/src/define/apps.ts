/** The view of a tool: the URI of its `ui://` resource, or that with who may call the tool. */
export type ToolView =
  | UiUri
  | {
      readonly resource: UiUri;
      /** `app`: only the view calls the tool, and no model is told of it. Default: both. */
      readonly visibility?: readonly ['model' | 'app', ...('model' | 'app')[]];
    };

/** The URI of a view. */
export type UiUri = `ui://${string}`;

/**
 * What a view asks of the host that shows it (MCP Apps 2026-01-26, "UI Resource Format"). Without anything here it
 * reaches no other origin.
 */
export interface ResourceView {
  /** The origins that the view may reach. */
  readonly csp?: {
    /** For requests and sockets. */
    readonly connectDomains?: readonly string[];
    /** For scripts, styles, pictures, fonts and media. */
    readonly resourceDomains?: readonly string[];
    /** For frames within the view. */
    readonly frameDomains?: readonly string[];
    /** For the base of the document. */
    readonly baseUriDomains?: readonly string[];
  };
  /** What of the browser the view wants to use; the host may say no. */
  readonly permissions?: Partial<
    Record<'camera' | 'microphone' | 'geolocation' | 'clipboardWrite', Readonly<Record<string, never>>>
  >;
  /** An origin of its own, in the form that the host wants. */
  readonly domain?: string;
  /** Whether the host draws a border around it. */
  readonly prefersBorder?: boolean;
}

/** How the extension calls itself. */
export const APPS_EXTENSION = 'io.modelcontextprotocol/ui';

/** The only media type of a view. */
export const VIEW_MIME_TYPE = 'text/html;profile=mcp-app';

/** Whether the URI is that of a view. */
export function isUiUri(uri: string): boolean {
  return uri.startsWith('ui://');
}
