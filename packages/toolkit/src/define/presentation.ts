import { ConfigurationError } from './configuration-error.ts';

/** A picture that clients show beside a name (specification, basic, "Icons"). */
export interface Icon {
  /** `https:`, `http:`, or `data:` with the picture itself. */
  readonly src: string;
  /** Where the address does not say it, such as `image/png`. */
  readonly mimeType?: string;
  /** Such as `48x48`, or `any` for a picture that scales. */
  readonly sizes?: readonly string[];
  /** The background that it is drawn for. */
  readonly theme?: 'light' | 'dark';
}

/** For whom a resource is, and how much it matters (specification, server/resources, "Annotations"). */
export interface Annotations {
  /** Who should see it; default both. */
  readonly audience?: readonly ('user' | 'assistant')[];
  /** From 0, optional, to 1, as good as required. */
  readonly priority?: number;
  /** When it last changed, in ISO 8601. */
  readonly lastModified?: string;
}

/** What clients show of an entry besides its description. */
export interface PresentationOptions {
  /** Shown to people instead of the name. */
  readonly title?: string;
  readonly icons?: readonly Icon[];
}

/** @throws ConfigurationError MRT2010 for an icon that no client may load */
export function assertIcons(of: string, icons: readonly Icon[] | undefined, protocols: readonly string[]): void {
  for (const { src } of icons ?? []) {
    if (protocols.includes(URL.parse(src)?.protocol ?? '')) continue;
    const shown = src.length > 60 ? `${src.slice(0, 60)}…` : src;
    throw new ConfigurationError(`MRT2010: the icon ${shown} of ${of} has to be a URL with ${protocols.join(' or ')}`);
  }
}

/** What an icon of a tool, prompt or resource may be. */
export const ICON_PROTOCOLS: readonly string[] = ['https:', 'http:', 'data:'];

/** The server's own icons go out with every answer of 2026: the picture itself has no place there. */
export const SERVER_ICON_PROTOCOLS: readonly string[] = ['https:', 'http:'];
