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

/** Of names and texts, in characters. */
const LONGEST_TEXT = 200;

/** Of objects and arrays. */
const MOST_ENTRIES = 50;

const DEEPEST = 4;

const NOTHING: readonly string[] = [];

/** The arguments as they may be written down: a value that may not be shown is described by its type and size. */
export function redact(values: Readonly<Record<string, unknown>>, rules: RedactionRules): Record<string, unknown> {
  return record(values, rules, false, 0);
}

function record(
  object: Readonly<Record<string, unknown>>,
  rules: RedactionRules,
  shown: boolean,
  depth: number,
): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  for (const [index, name] of Object.keys(object).entries()) {
    if (index === MOST_ENTRIES) break;
    // an assignment to this name would be none to a property
    written[name === '__proto__' ? '[__proto__]' : short(name)] = entry(name, object[name], rules, shown, depth);
  }
  return written;
}

function entry(name: string, value: unknown, rules: RedactionRules, shown: boolean, depth: number): unknown {
  const { show = NOTHING, secret = SECRET } = rules;
  if (name.search(secret) >= 0) return '[redacted]'; // unlike test, the same at every call for a pattern with the flag g
  const visible = shown || show === 'all' || show.includes(name);
  if (typeof value !== 'object' || value === null) {
    if (!visible) return described(value);
    return typeof value === 'string' ? short(value) : value;
  }
  if (depth === DEEPEST) return described(value);
  if (!Array.isArray(value)) return record(value as Record<string, unknown>, rules, visible, depth + 1);
  return visible
    ? value.slice(0, MOST_ENTRIES).map((element: unknown) => entry('', element, rules, true, depth + 1))
    : described(value);
}

function short(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

/** Such as `[string of 12]`: enough to see that something was given. */
function described(value: unknown): string {
  if (value === null) return '[null]';
  if (typeof value === 'string') return `[string of ${value.length}]`;
  if (Array.isArray(value)) return `[array of ${value.length}]`;
  return `[${typeof value}]`;
}
