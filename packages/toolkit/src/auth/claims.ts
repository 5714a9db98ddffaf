import { scopesOf } from './scopes.ts';
import type { VerifiedToken } from './token-verifier.ts';

/** Seconds by which the clocks of two machines may differ. */
export const CLOCK_SKEW = 5;

/** What the claims of a genuine token say (RFC 9068, RFC 7662); undefined when what a server needs is not among them. */
export function tokenOf(claims: Readonly<Record<string, unknown>>): VerifiedToken | undefined {
  const { sub, client_id, azp, aud, exp } = claims;
  const client = text(client_id) ?? text(azp) ?? text(sub);
  const subject = text(sub) ?? client;
  if (subject === undefined || client === undefined || typeof exp !== 'number') return undefined;
  const audience = [aud].flat().filter((each) => typeof each === 'string');
  return { subject, client, scopes: scopesOf(claims), audience, expiresAt: exp + CLOCK_SKEW, claims };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
