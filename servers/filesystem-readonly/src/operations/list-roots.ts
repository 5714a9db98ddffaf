import type { Call } from '../call.ts';
import type { Door } from '../confine/door.ts';

/** The roots as they are written: those of the operator, or what a client has narrowed them to. Not escaped. */
export function listRoots(door: Door, _input: object, _call: Call): string[] {
  return door.roots.map(({ spelled }) => spelled);
}
