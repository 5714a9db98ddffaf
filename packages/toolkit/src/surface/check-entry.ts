import { assertAccess } from '../auth/access.ts';
import { assertCaching } from '../define/caching.ts';
import { ConfigurationError } from '../define/configuration-error.ts';
import type { PromptOptions, ResourceOptions } from '../define/definitions.ts';
import { assertIcons, ICON_PROTOCOLS } from '../define/presentation.ts';
import type { Definition, Definitions } from './definition.ts';

/**
 * Refuses options that say something impossible.
 * @throws ConfigurationError MRT2009 to MRT2011, MRT2013
 */
export function checkEntry(entry: Definition): void {
  const { name, input } = entry;
  const options: PromptOptions & ResourceOptions = entry.options;
  assertAccess(entry);
  assertIcons(name, options.icons, ICON_PROTOCOLS);
  assertCaching(name, options.cache, options);
  const known = Object.keys(input.json['properties'] ?? {});
  const unknown = Object.keys(options.complete ?? {}).find((argument) => !known.includes(argument));
  if (unknown === undefined) return;
  const there = known.length === 0 ? 'it has none' : `use one of ${known.join(', ')}`;
  throw new ConfigurationError(`MRT2013: complete of ${name} names ${unknown}, which is no argument; ${there}.`);
}

/**
 * Refuses a tool whose view is not there: hosts read it when the tool is listed.
 * @throws ConfigurationError MRT2012
 */
export function checkViews({ tools, resources }: Definitions): void {
  for (const { name, options } of tools.values()) {
    const uri = typeof options.ui === 'string' ? options.ui : options.ui?.resource;
    if (uri === undefined || (uri.startsWith('ui://') && resources.has(uri))) continue;
    throw new ConfigurationError(
      `MRT2012: ui of ${name} names ${uri}, which is no ui:// resource of this server; add one.`,
    );
  }
}
