import type { Auth } from '../context/context.ts';
import type { Callers } from '../serve/endpoint.ts';
import { report } from '../serve/report.ts';
import type { Definitions } from '../surface/definition.ts';
import { entriesOf, onlyThose } from '../surface/entries.ts';
import { namesPolicy } from './access.ts';

/**
 * The definitions that somebody may have. Where it was decided who may do what, an entry that names no policy is
 * nobody's, and the operator is told so.
 */
export function withoutDenied(name: string, definitions: Definitions, callers: Callers): Definitions {
  const open = callers.kind === 'anyone' || (callers.kind === 'local' && callers.scopes === undefined);
  const denied = open ? [] : entriesOf(definitions).filter((entry) => !namesPolicy(entry));
  if (denied.length === 0) return definitions;
  const names = denied.map((entry) => entry.name).join(', ');
  report(`${name}: denied to everyone, since they name no policy (scopes, visible or public): ${names}`);
  return onlyThose(definitions, namesPolicy);
}

/** Who calls where no token says it; undefined where one has to. */
export function unverifiedCaller(callers: Callers, definitions: Definitions): Auth | undefined {
  if (callers.kind === 'verified') return undefined;
  const everyScope = [...new Set(entriesOf(definitions).flatMap(({ options }) => options.scopes ?? []))];
  if (callers.kind === 'anyone') return { subject: 'anonymous', scopes: everyScope, claims: {} };
  return { subject: callers.subject, scopes: callers.scopes ?? everyScope, claims: {} };
}
