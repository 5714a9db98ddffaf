import { ConfigurationError } from '../define/configuration-error.ts';
import type { ToolDefinition } from '../surface/definition.ts';
import { placeholders } from './confirm.ts';

/**
 * Refuses options that do not fit the schemas of their tool.
 * @throws ConfigurationError MRT2007 for a `confirm` that names no argument, MRT2008 for a `text` without structured content,
 *   MRT2018 for `detaches` without `task`
 */
export function checkTool({ name, options, input, output }: ToolDefinition): void {
  const { confirm, text, task, detaches } = options;
  const properties = Object.keys(input.json['properties'] ?? {});
  const unknown = placeholders(typeof confirm === 'string' ? confirm : '').find((each) => !properties.includes(each));
  if (unknown !== undefined) {
    const known = properties.length === 0 ? 'it has none' : `use one of ${properties.join(', ')}`;
    throw new ConfigurationError(`MRT2007: confirm of ${name} names {${unknown}}, which is no argument; ${known}.`);
  }
  if (detaches && task === undefined) {
    throw new ConfigurationError(`MRT2018: ${name} has detaches, but becomes no task; add task: 'optional'.`);
  }
  if (text !== undefined && !output) {
    throw new ConfigurationError(
      `MRT2008: text of ${name} stands beside structured content, and the tool has none; remove it or give an output type.`,
    );
  }
}
