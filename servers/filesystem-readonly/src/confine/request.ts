import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';

import { nameOf, quoted } from './names.ts';
import { Refusal } from './refusal.ts';

/** A path as asked for, cut into names; nothing is resolved yet and `..` still stands. */
export interface Request {
  readonly text: string;
  readonly absolute: boolean;
  readonly names: readonly string[];
}

const LONGEST = 8192;
// alternate data streams, and names that Windows takes for devices or changes by itself
const DECEPTIVE_ON_WINDOWS = /:|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Cuts a path, absolute or relative, or a `file:` URI (RFC 8089) into names.
 * @throws Refusal INVALID_PATH
 */
export function parseRequest(text: string): Request {
  if (text.length > LONGEST) throw invalid(text, `is longer than ${LONGEST} characters`);
  if (text.includes('\0')) throw invalid(text, 'holds a NUL character');
  if (/^file:/i.test(text)) return { text, absolute: true, names: uriNames(text) };
  const path = withHome(text);
  return { text, absolute: isAbsolute(path), names: namesIn(path, text) };
}

/** A path with `~` at its beginning replaced: clients start servers without a shell. */
export function withHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? homedir() + path.slice(1) : path;
}

/** The names in a path; `.` and empty ones do nothing. */
export function namesIn(path: string, text: string = path): string[] {
  const windows = process.platform === 'win32';
  const names = path.split(windows ? /[\\/]/ : '/').filter((name) => name !== '' && name !== '.');
  const checked = windows && isAbsolute(path) ? names.slice(1) : names; // after the drive
  if (windows && checked.some((name) => name !== '..' && DECEPTIVE_ON_WINDOWS.test(name))) {
    throw invalid(text, 'holds a name that Windows does not take as it is written');
  }
  return names;
}

function uriNames(text: string): string[] {
  const match = /^file:(?:\/\/(?:localhost)?(?=\/)|(?!\/\/))(\/[^?#]*)$/i.exec(text);
  if (!match?.[1]) throw invalid(text, 'is not a file URI of this host; write file:///folder/name');
  return match[1]
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => decoded(segment, text))
    .filter((name) => name !== '.');
}

/** Percent-decodes to bytes, because a name need not be UTF-8. */
function decoded(segment: string, text: string): string {
  if (/%(?![0-9a-f]{2})/i.test(segment)) throw invalid(text, 'holds a % that encodes nothing');
  const separator = process.platform === 'win32' ? /%(?:2f|5c|00)/i : /%(?:2f|00)/i;
  if (separator.test(segment)) throw invalid(text, 'holds an encoded separator');
  const bytes = Buffer.from(segment, 'utf8').toString('latin1');
  const plain = bytes.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return nameOf(Buffer.from(plain, 'latin1'));
}

function invalid(text: string, what: string): Refusal {
  return new Refusal('INVALID_PATH', `The path ${quoted(text)} ${what}.`);
}
