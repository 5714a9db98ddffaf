import type { ToolOptions } from '../define/definitions.ts';
import type { Definition, ResourceDefinition } from '../surface/definition.ts';
import type { CalledDefinition } from './middleware.ts';

const made = new WeakMap<Definition, CalledDefinition>();

/** What middleware sees of a definition; made once for each. */
export function calledDefinition(kind: 'tool' | 'other', definition: Definition): CalledDefinition {
  const known = made.get(definition);
  if (known) return known;
  const { name, output } = definition;
  const { uri, options } = definition as Partial<ResourceDefinition>;
  const hints: ToolOptions = kind === 'tool' ? (options as ToolOptions) : { readOnly: true, idempotent: true };
  const called: CalledDefinition = Object.freeze({
    kind: kind === 'tool' ? kind : uri === undefined ? 'prompt' : 'resource',
    name,
    uri,
    readOnly: hints.readOnly,
    destructive: hints.destructive,
    idempotent: hints.idempotent,
    openWorld: hints.openWorld,
    outputSchema: output?.json,
  });
  made.set(definition, called);
  return called;
}
