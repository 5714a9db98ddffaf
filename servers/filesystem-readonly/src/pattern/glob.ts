import { Refusal } from '../confine/refusal.ts';
import { RE2JS } from 're2js';

import { assertLength, compile } from './linear.ts';

/** Says whether a path (`a/b/c`, from where the search began) matches. */
export type Matcher = (path: string) => boolean;

/** How a glob is read. */
export interface GlobOptions {
  readonly ignoreCase?: boolean;
}

/**
 * A glob: `*` and `?` within a name, `**` across folders, `[a-z]`, `[!a]`, `{a,b}`, `\` before a character that is meant
 * itself. Without a slash it is matched against the name alone. It becomes one RE2 pattern, alternatives and all, so no
 * glob is expanded and none can take long.
 * @throws Refusal PATTERN
 */
export function globMatcher(glob: string, { ignoreCase = false }: GlobOptions = {}): Matcher {
  assertLength(glob);
  const anchored = glob.replace(/^\.?\/+/, '');
  const anywhere = !glob.replace(/\/+$/, '').includes('/');
  const { source, tail } = translate(anchored);
  const pattern = compile(
    `^${anywhere ? '(?:.*/)?' : ''}${source}$`,
    glob,
    RE2JS.DOTALL | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0),
  );
  if (ignoreCase || tail === '') return (path) => pattern.test(path);
  return (path) => path.endsWith(tail) && pattern.test(path);
}

/** The glob as RE2 source, and the plain text that every match ends with. */
export function translate(glob: string): { source: string; tail: string } {
  let source = '';
  let tail = '';
  let depth = 0;
  const plain = (character: string): void => {
    source += RE2JS.quote(character);
    tail += character;
  };
  const special = (text: string): void => {
    source += text;
    tail = '';
  };
  for (let at = 0; at < glob.length;) {
    const rest = glob.slice(at, at + 4);
    const character = String.fromCodePoint(glob.codePointAt(at) as number);
    const atStart = at === 0 || glob[at - 1] === '/';
    at += character.length;
    if (character === '*' && rest.startsWith('**') && atStart && (rest.length === 2 || rest[2] === '/')) {
      special(rest.length === 2 ? '.*' : '(?:.*/)?');
      at += rest.length === 2 ? 1 : 2;
    } else if (character === '*') {
      while (glob[at] === '*') at += 1;
      special('[^/]*');
    } else if (character === '?') {
      special('[^/]');
    } else if (character === '[') {
      const end = classEnd(glob, at);
      if (end === undefined) plain('[');
      else {
        special(characterClass(glob.slice(at, end)));
        at = end + 1;
      }
    } else if (character === '{' && glob.includes('}', at)) {
      depth += 1;
      special('(?:');
    } else if (character === '}' && depth > 0) {
      depth -= 1;
      special(')');
    } else if (character === ',' && depth > 0) {
      special('|');
    } else if (character === '\\' && at < glob.length) {
      const escaped = String.fromCodePoint(glob.codePointAt(at) as number);
      at += escaped.length;
      plain(escaped);
    } else {
      plain(character);
    }
  }
  if (depth > 0) throw new Refusal('PATTERN', 'A { in the glob has no }.', String.raw`Write \{ for the character.`);
  return { source, tail };
}

/** Where the `]` of a class is; a `]` that comes first is a member. */
function classEnd(glob: string, start: number): number | undefined {
  const first = glob[start] === '!' || glob[start] === '^' ? start + 1 : start;
  const end = glob.indexOf(']', first + 1);
  return end === -1 ? undefined : end;
}

function characterClass(text: string): string {
  const negated = text.startsWith('!') || text.startsWith('^');
  const members = (negated ? text.slice(1) : text).replaceAll(/[\\\][^&~]/g, String.raw`\$&`);
  return negated ? `[^/${members}]` : `[${members}]`;
}
