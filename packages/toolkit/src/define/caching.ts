import type { AccessOptions } from './access.ts';
import { ConfigurationError } from './configuration-error.ts';

/** How long clients of 2026 may keep an answer (specification 2026-07-28, server/utilities/caching). */
export interface CacheOptions {
  /** Seconds for which it may be used again without asking; 0 for never. */
  readonly seconds: number;
  /**
   * `public` lets caches that many callers share keep it, so that it has to be the same for everybody; where callers
   * are authenticated it goes out as `private`. Default: `private`.
   */
  readonly scope?: 'public' | 'private';
}

/** What clients are told. */
export interface CacheHint {
  readonly ttlMs: number;
  readonly cacheScope: 'public' | 'private';
}

/** The wire form; `shared`: whether an answer may be the same for everybody here. */
export function cacheHintOf({ seconds, scope = 'private' }: CacheOptions, shared: boolean): CacheHint {
  return { ttlMs: Math.round(seconds * 1_000), cacheScope: shared ? scope : 'private' };
}

/** @throws ConfigurationError MRT2011 for seconds that are none, and for `public` where not everybody gets the same */
export function assertCaching(
  of: string,
  cache: CacheOptions | undefined,
  limitedBy: Pick<AccessOptions, 'scopes' | 'visible'>,
): void {
  if (!cache) return;
  if (!Number.isFinite(cache.seconds) || cache.seconds < 0) {
    throw new ConfigurationError(`MRT2011: cache of ${of} needs seconds, 0 or more.`);
  }
  if (cache.scope === 'public' && (limitedBy.scopes ?? limitedBy.visible)) {
    throw new ConfigurationError(
      `MRT2011: cache of ${of} is public, but scopes or visible limit who may have it; leave scope out.`,
    );
  }
}
