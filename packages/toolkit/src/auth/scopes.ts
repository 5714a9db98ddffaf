/** The scopes of a token: `scope` as OAuth has it, a text with spaces, or `scp` as a list or a text. */
export function scopesOf(claims: Readonly<Record<string, unknown>>): readonly string[] {
  const { scope, scp } = claims;
  return [...new Set([...words(scope), ...words(scp)])];
}

function words(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(' ').filter((word) => word !== '');
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
