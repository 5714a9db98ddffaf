import type { Definition, Definitions } from '../surface/definition.ts';
import type { CallSurface, Class } from '../surface/surface.ts';

/** A method of a class, as clients call it. */
export interface OfferedMethod {
  readonly kind: 'tool' | 'prompt' | 'resource';
  /** The name on the wire, with the prefixes of mounts and as transforms left it; of a resource its URI or template. */
  readonly key: string;
  /** What was inferred of the method. */
  readonly surface: CallSurface;
}

/** The methods of a class that are offered, wherever it is mounted; where it is mounted twice, each is there twice. */
export function offeredMethods(type: Class, { tools, prompts, resources }: Definitions): readonly OfferedMethod[] {
  const of = (kind: OfferedMethod['kind'], all: ReadonlyMap<string, Definition>): OfferedMethod[] =>
    [...all].flatMap(([key, { owner, inferred }]) =>
      owner === type && inferred ? [{ kind, key, surface: inferred }] : [],
    );
  return [...of('tool', tools), ...of('prompt', prompts), ...of('resource', resources)];
}
