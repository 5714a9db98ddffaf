import type { JsonSchema } from '../schema/json-schema.ts';
import type { ClassSurface, Entry } from '../surface.ts';
import type { Change, SchemaChange, Severity } from './change.ts';
import { compareSchemas } from './schemas.ts';

const kinds = ['tools', 'prompts', 'resources'] as const;

/** What changed for a client between two surfaces; what a server does with a class is not seen. */
export function diffSurfaces(before: readonly ClassSurface[], after: readonly ClassSurface[]): Change[] {
  return kinds.flatMap((kind) => {
    const [old, now] = [byName(before, kind), byName(after, kind)];
    return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): Change[] => {
      const [was, is] = [old.get(name), now.get(name)];
      const where = `${kind.slice(0, -1)} ${name}`;
      if (!was) return [{ severity: 'compatible', where, what: 'is new' }];
      return is ? diffEntries(was, is, where) : [{ severity: 'breaking', where, what: 'is gone' }];
    });
  });
}

function byName(surfaces: readonly ClassSurface[], kind: (typeof kinds)[number]): Map<string, Entry> {
  return new Map(surfaces.flatMap((surface) => (surface[kind] ?? []).map((entry) => [entry.method, entry] as const)));
}

function diffEntries(was: Entry, is: Entry, where: string): Change[] {
  const changes: Change[] = [];
  if (was.description !== is.description) changes.push({ severity: 'text', where, what: 'its description changed' });
  if (was.uri !== is.uri) changes.push({ severity: 'breaking', where, what: `its URI was ${was.uri}, is ${is.uri}` });
  return [...changes, ...diffSchemas('input', was, is, where), ...diffSchemas('output', was, is, where)];
}

const names = { input: 'arguments', output: 'result' } as const;

function diffSchemas(side: 'input' | 'output', was: Entry, is: Entry, where: string): Change[] {
  const [before, after]: (JsonSchema | undefined)[] = [was[side], is[side]];
  if (before && after) {
    return compareSchemas(before, after).map((change) => ({
      severity: severityOf(change, side),
      where: `${where}, ${names[side]}${change.path}`,
      what: change.what,
    }));
  }
  if (!before && !after) return [];
  const severity = side === 'output' && after ? 'compatible' : 'breaking';
  return [{ severity, where, what: `its ${names[side]} ${after ? 'have a schema' : 'have no schema any more'}` }];
}

/** A client must be able to go on sending what it sent, and must not be given what it was never told of. */
function severityOf({ effect, what }: SchemaChange, side: 'input' | 'output'): Severity {
  switch (effect) {
    case 'text':
      return 'text';
    case 'removed':
    case 'other':
      return 'breaking';
    case 'added':
      return side === 'input' && what.endsWith('required') ? 'breaking' : 'compatible';
    case 'narrower':
      return side === 'input' ? 'breaking' : 'compatible';
    case 'wider':
      return side === 'input' ? 'compatible' : 'breaking';
  }
}
