import type { Auth } from '../context/context.ts';
import { ConfigurationError } from '../define/configuration-error.ts';
import type { AccessOptions } from '../define/access.ts';

/** Whether a caller may have an entry. */
export type Decision =
  | { readonly kind: 'allowed' }
  /** To this caller the entry does not exist. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'insufficient'; readonly scopes: readonly [string, ...string[]] };

const ALLOWED: Decision = { kind: 'allowed' };
const UNKNOWN: Decision = { kind: 'unknown' };

/** What is decided about. */
interface Entry {
  readonly name: string;
  readonly options: AccessOptions;
}

/**
 * The one decision for lists, calls, completions and subscriptions alike. An entry without a policy is allowed here:
 * where callers are authenticated it was left out at the start.
 */
export function decide({ options }: Entry, auth: Auth): Decision {
  if (options.visible && !isVisible(options, auth)) return UNKNOWN;
  if (!options.scopes || options.scopes.every((scope) => auth.scopes.includes(scope))) return ALLOWED;
  return { kind: 'insufficient', scopes: options.scopes };
}

/** Only `true` is a yes: not what a function that forgot its type returns, such as a promise. */
function isVisible(options: AccessOptions, auth: Auth): boolean {
  try {
    return (options.visible?.(auth) as unknown) === true;
  } catch {
    return false;
  }
}

/** Whether the author decided who may have the entry. */
export function namesPolicy({ options }: Entry): boolean {
  return options.scopes !== undefined || options.visible !== undefined || options.public === true;
}

/** A scope as OAuth writes it (RFC 6749, section 3.3). */
const SCOPE = /^[\u0021\u0023-\u005B\u005D-\u007E]+$/u;

/** @throws ConfigurationError MRT2009 when the options say nothing, or two things at once */
export function assertAccess({ name, options }: Entry): void {
  const { scopes, visible } = options;
  if (scopes && (scopes.length === 0 || !scopes.every((scope) => SCOPE.test(scope)))) {
    throw new ConfigurationError(
      `MRT2009: the scopes of ${name} have to be one or more words of printable ASCII, without spaces, " and \\.`,
    );
  }
  if (options.public === true && (scopes ?? visible)) {
    throw new ConfigurationError(`MRT2009: ${name} is public and limited at once; leave one of the two out.`);
  }
}
