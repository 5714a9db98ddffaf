import { ConfigurationError } from '../define/configuration-error.ts';
import { nearest } from '../dispatch/nearest.ts';
import type { Definitions, ToolDefinition } from './definition.ts';

/** The part of the tools that the operator wants to offer. */
export interface ToolSelection {
  /** Only these, by their names. */
  readonly only?: readonly string[];
  /** Not these, by their names. */
  readonly except?: readonly string[];
  /** Only those that say of themselves that they change nothing. */
  readonly readOnly?: boolean;
}

/**
 * The definitions with the selected tools, in the order of the server.
 * @throws ConfigurationError when a name is unknown or the selection contradicts itself
 */
export function selectTools(definitions: Definitions, { only, except, readOnly }: ToolSelection): Definitions {
  const known = definitions.tools;
  for (const name of only ?? []) {
    assertKnown('--tools', name, known);
    if (except?.includes(name)) throw new ConfigurationError(`${name} stands in --tools and in --exclude-tools.`);
    if (readOnly && known.get(name)?.options.readOnly !== true) {
      throw new ConfigurationError(
        `${name} stands in --tools, but --read-only leaves it out: it may change something.`,
      );
    }
  }
  for (const name of except ?? []) assertKnown('--exclude-tools', name, known);
  const tools = [...known].filter(
    ([name, { options }]) =>
      (only?.includes(name) ?? true) && !except?.includes(name) && (!readOnly || options.readOnly === true),
  );
  return { ...definitions, tools: new Map(tools) };
}

function assertKnown(option: string, name: string, known: ReadonlyMap<string, ToolDefinition>): void {
  if (known.has(name)) return;
  const meant = nearest(name, known.keys());
  const hint = meant === undefined ? `There are: ${[...known.keys()].join(', ')}.` : `Did you mean ${meant}?`;
  throw new ConfigurationError(`${option} names a tool that this server does not have: ${name}. ${hint}`);
}
