/** Which arguments of a call are written down with their values. */
export interface RedactionRules {
  /** Names of arguments, at any depth, whose values may be written down; `all`: every one but the secret. Default none. */
  readonly show?: readonly string[] | 'all';
  /** Names whose values are never written down, at any depth, whatever `show` says. */
  readonly secret?: RegExp;
}

/** Names that speak of a secret. */
const SECRET =
  /pass(?:word|wd|phrase)?$|pwd|secret|token|api_?key|private|credential|authori[sz]ation|cookie|session|otp|pin$|cvc|cvv|card_?number|iban|ssn/i;

const LONGEST_TEXT = 200;

const DEEPEST = 8;

/** The arguments as they may be written down: a value that may not be shown is described by its type and size. */
export function redact(
  values: Readonly<Record<string, unknown>>,
  { show = [], secret = SECRET }: RedactionRules,
): Record<string, unknown> {
  const entry = (name: string, value: unknown, shown: boolean, depth: number): unknown => {
    if (secret.test(name)) return '[redacted]';
    const visible = shown || show === 'all' || show.includes(name);
    if (typeof value === 'object' && value !== null && depth < DEEPEST) {
      if (Array.isArray(value)) {
        return visible ? value.map((element: unknown) => entry('', element, true, depth + 1)) : described(value);
      }
      return record(value as Record<string, unknown>, visible, depth + 1);
    }
    if (!visible || typeof value === 'object') return described(value);
    return typeof value === 'string' && value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value;
  };
  const record = (object: Readonly<Record<string, unknown>>, shown: boolean, depth: number): Record<string, unknown> =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, entry(name, value, shown, depth)]));
  return record(values, false, 0);
}

/** Such as `[string of 12]`: enough to see that something was given. */
function described(value: unknown): string {
  if (value === null) return '[null]';
  if (typeof value === 'string') return `[string of ${value.length}]`;
  if (Array.isArray(value)) return `[array of ${value.length}]`;
  return `[${typeof value}]`;
}
