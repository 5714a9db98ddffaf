import { isUtf8 } from 'node:buffer';

/**
 * File names are bytes. Here they are strings in which a byte that is not part of valid UTF-8 stands as the lone
 * surrogate U+DC00 + byte (Python calls this `surrogateescape`), so that every name survives the way there and back.
 */
export function nameOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let name = '';
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] as number;
    const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    const character = bytes.subarray(at, at + length);
    if (character.length === length && isUtf8(character)) {
      name += character.toString('utf8');
      at += length;
    } else {
      name += String.fromCharCode(0xdc00 + byte);
      at += 1;
    }
  }
  return name;
}

/** The bytes of a name. */
export function bytesOf(name: string): Buffer {
  if (name.isWellFormed()) return Buffer.from(name, 'utf8');
  const parts: Buffer[] = [];
  for (const character of name) {
    const code = character.codePointAt(0) as number;
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.of(code - 0xdc00) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
}

/** `prefix` (plain ASCII) and a name, as the file system calls take them. */
export function pathOf(prefix: string, name: string): string | Buffer {
  return name.isWellFormed() ? prefix + name : Buffer.concat([Buffer.from(prefix), bytesOf(name)]);
}

// What could forge a line, hide text or turn it around: controls, bidi marks, zero-width and separators, bytes.
const ODD = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}"\\]|^\s|\s$/u;
const ODD_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}"\\]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

/** Whether {@link shown} has to quote this name or path. */
export function isOdd(name: string): boolean {
  return ODD.test(name);
}

/**
 * A name or path as it may stand in an answer: as it is, or, where it holds characters that could deceive, in double
 * quotes with `\n`, `\u202e` and `\xe9` (a byte that is not UTF-8).
 */
export function shown(name: string): string {
  if (!isOdd(name)) return name;
  return `"${name.replaceAll(ODD_CHARACTERS, escaped)}"`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) as number;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return SHORT[character] ?? (code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`);
}

/** {@link shown}, for something a caller sent: cut after 200 characters. */
export function quoted(text: string): string {
  return shown(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

/** An entry of a directory, by the directory's path. */
export function under(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

/** The `file:` URI (RFC 8089) of an absolute path; it can name every file, whatever the bytes of its name. */
export function fileUri(path: string): string {
  const encoded = [...bytesOf(path)].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9\-._~/!$&'()*+,;=:@]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return `file://${encoded.join('')}`;
}
