import type { McpServerOptions } from '@modelcontextprotocol/server';

import { assertCaching, cacheHintOf, type CacheOptions } from '../define/caching.ts';
import type { Definitions } from '../surface/definition.ts';
import { entriesOf } from '../surface/entries.ts';

/** What clients are told of each list, by its method; nothing where they have to ask each time. */
export type ListCacheHints = NonNullable<McpServerOptions['cacheHints']>;

/**
 * How long clients may keep the lists.
 * @param shared - Nobody is verified, so that a list may be the same for everybody
 * @throws ConfigurationError MRT2011 for `public` lists of which not everybody gets the same
 */
export function listCacheHints(
  cache: CacheOptions | undefined,
  definitions: Definitions,
  shared: boolean,
): ListCacheHints {
  if (!cache) return {};
  for (const { options } of entriesOf(definitions)) assertCaching('the lists', cache, options);
  const hint = cacheHintOf(cache, shared);
  // which resources of a template there are is asked of the server's code, with the caller
  const asks = [...definitions.resources.values()].some(({ options }) => options.list);
  return {
    'server/discover': hint,
    'tools/list': hint,
    'prompts/list': hint,
    'resources/templates/list': hint,
    'resources/list': cacheHintOf(cache, shared && !asks),
  };
}
