import { distance } from 'fastest-levenshtein';

/** The most names that are compared: a directory of a million costs a typo nothing. */
const MOST = 2000;
const LONGEST = 80;

/** The only name that is equal but for Unicode normalisation and the kind of its spaces (macOS writes U+202F). */
export function alike(name: string, names: readonly string[]): string | undefined {
  const key = spelling(name);
  const [twin, another] = names.filter((other) => spelling(other) === key);
  return another === undefined ? twin : undefined;
}

/** Up to three names that differ by a typing mistake. */
export function nearest(name: string, names: readonly string[]): string[] {
  if (name.length > LONGEST) return [];
  const typed = name.toLowerCase();
  const allowed = Math.max(1, Math.floor(name.length / 4));
  return names
    .slice(0, MOST)
    .filter((other) => Math.abs(other.length - name.length) <= allowed)
    .map((other) => ({ other, away: distance(typed, other.toLowerCase()) }))
    .filter(({ away }) => away <= allowed)
    .toSorted((a, b) => a.away - b.away)
    .slice(0, 3)
    .map(({ other }) => other);
}

function spelling(name: string): string {
  return name.normalize('NFC').replaceAll(/\p{Zs}/gu, ' ');
}
