import type { AuthenticationSettings } from '../auth/settings.ts';
import type { ToolSelection } from '../surface/select.ts';
import type { Callers, Values } from './endpoint.ts';
import { UsageError } from './usage-error.ts';

/** The tools that the operator chose. */
export function selectionOf(values: Values): ToolSelection {
  const only = names('tools', values);
  const except = names('exclude-tools', values);
  return { ...(only && { only }), ...(except && { except }), ...(values['read-only'] === true && { readOnly: true }) };
}

/** Who calls over stdio, which has no token: whoever started the process. */
export function localCallerOf(values: Values): Callers {
  const scopes = names('scopes', values);
  return { kind: 'local', subject: text(values['principal']) ?? 'local', ...(scopes && { scopes }) };
}

/** How callers are authenticated over HTTP; undefined when nothing was configured. */
export function authenticationOf(
  values: Values,
  environment: Readonly<Record<string, string | undefined>>,
): AuthenticationSettings | undefined {
  const settings: AuthenticationSettings = {
    issuer: text(values['auth-issuer']),
    audience: text(values['auth-audience']),
    resource: text(values['auth-resource']),
    jwks: text(values['auth-jwks']),
    introspection: values['auth-introspection'] === true,
    clientId: environment['MORTISE_AUTH_CLIENT_ID'],
    clientSecret: environment['MORTISE_AUTH_CLIENT_SECRET'],
    apiKeysFile: text(values['api-keys']),
    apiKeys: environment['MORTISE_API_KEYS'] || undefined,
  };
  const { clientId: _id, clientSecret: _secret, ...chosen } = settings;
  return Object.values(chosen).some((value) => value !== undefined && value !== false) ? settings : undefined;
}

function names(option: string, values: Values): readonly string[] | undefined {
  const value = text(values[option]);
  if (value === undefined) return undefined;
  const listed = value.split(',').map((name) => name.trim());
  if (listed.every((name) => name !== '')) return listed;
  throw new UsageError(`--${option} takes names with commas between them: a,b.`);
}

function text(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
