import type { Definition, Definitions } from './definition.ts';

/** Everything on offer: tools, then prompts, then resources, each in its order. */
export function entriesOf({ tools, prompts, resources }: Definitions): readonly Definition[] {
  return [...tools.values(), ...prompts.values(), ...resources.values()];
}

/** The definitions that `keep` says yes to, in their order. */
export function onlyThose(definitions: Definitions, keep: (entry: Definition) => boolean): Definitions {
  const { tools, prompts, resources } = definitions;
  return { tools: only(tools, keep), prompts: only(prompts, keep), resources: only(resources, keep) };
}

function only<D extends Definition>(
  all: ReadonlyMap<string, D>,
  keep: (entry: Definition) => boolean,
): ReadonlyMap<string, D> {
  return new Map([...all].filter(([, entry]) => keep(entry)));
}
