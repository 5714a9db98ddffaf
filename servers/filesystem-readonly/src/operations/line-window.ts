import type { OpenFile } from '../confine/open-file.ts';
import { LineDecoder, type Encoding } from '../text/encoding.ts';
import { LineScanner, type Line } from '../text/line-scanner.ts';

/** The most lines of one answer. */
export const LINE_LIMIT = 2000;
/** The most characters of a line that are shown. */
const LINE_LENGTH = 2000;
/** No character of a supported encoding has more bytes. */
const KEEP = LINE_LENGTH * 4;
/** The lines after the window are counted in files up to this size. */
const COUNTED = 64 * 1024 * 1024;
/** As far back from the end the beginning of the last lines is looked for. */
const FAR_BACK = 16 * 1024 * 1024;

/** What to read and when to stop. */
export interface WindowLimits {
  /** Most lines. */
  readonly limit: number;
  /** Most bytes of UTF-8. */
  readonly budget: number;
  /** Whether the time is up. */
  readonly expired: () => boolean;
}

/** Lines of a file, as text. */
export interface LineWindow {
  readonly lines: readonly string[];
  /** Number of the first line, from 1; undefined where it is not known. */
  readonly from: number | undefined;
  /** Lines of the whole file, where they were counted. */
  readonly total: number | undefined;
  /** The line to go on with; undefined at the end of the file. */
  readonly next: number | undefined;
  /** Whether a line end follows the last line. */
  readonly terminated: boolean;
  /** Lines that are shown in part, with their whole length in bytes. */
  readonly clipped: readonly { readonly line: number; readonly length: number }[];
  readonly carriageReturns: boolean;
  readonly malformed: boolean;
  readonly late: boolean;
}

/** Lines from a line number on. */
export function readWindow(
  file: OpenFile,
  encoding: Encoding,
  { from, limit, budget, expired }: WindowLimits & { readonly from: number },
): LineWindow {
  const scanner = new LineScanner(file, encoding);
  const skipped = scanner.skip(from - 1, expired);
  const collected = new Collected(encoding);
  let bytes = 0;
  const reached = skipped === from - 1;
  let late = !reached && !scanner.atEnd();
  for (let line = reached ? scanner.next(KEEP, expired) : undefined; line;) {
    bytes += collected.add(line, from + collected.lines.length);
    late = expired();
    const full = late || collected.lines.length >= limit || bytes >= budget;
    line = full ? undefined : scanner.next(KEEP, expired);
  }
  const end = skipped + collected.lines.length;
  const atEnd = scanner.atEnd();
  const rest = atEnd ? 0 : file.size <= COUNTED && !late ? scanner.skip(Infinity, expired) : undefined;
  return {
    ...collected.result(),
    from,
    total: rest === undefined ? undefined : end + rest,
    next: atEnd ? undefined : end + 1,
    late,
  };
}

/** The last lines of a file. */
export function readTail(file: OpenFile, encoding: Encoding, { limit, budget, expired }: WindowLimits): LineWindow {
  const position = startOfTail(file, encoding, limit);
  const scanner = new LineScanner(file, encoding, position);
  const collected = new Collected(encoding);
  for (let line = scanner.next(KEEP); line && !expired(); line = scanner.next(KEEP)) {
    collected.add(line, collected.lines.length + 1);
  }
  const dropped = collected.fit(limit, budget);
  const before = file.size <= COUNTED ? countLines(file, encoding, position) : undefined;
  const from = before === undefined ? undefined : before + dropped + 1;
  const result = collected.result();
  return {
    ...result,
    clipped: result.clipped.map(({ line, length }) => ({ line: line + (before ?? 0), length })),
    from,
    total: before === undefined ? undefined : before + dropped + result.lines.length,
    next: undefined,
    late: false,
  };
}

/** Lines and what is worth saying about them. */
class Collected {
  readonly lines: string[] = [];
  readonly #clipped: { line: number; length: number }[] = [];
  readonly #decoder: LineDecoder;
  #carriageReturns = 0;
  #terminated = false;

  constructor(encoding: Encoding) {
    this.#decoder = new LineDecoder(encoding);
  }

  /** The bytes that the line takes in an answer. */
  add({ bytes, length, terminated }: Line, number: number): number {
    let text = this.#decoder.decode(bytes, bytes.length < length);
    if (text.endsWith('\r') && bytes.length === length) {
      text = text.slice(0, -1);
      this.#carriageReturns += 1;
    }
    if (text.length > LINE_LENGTH || bytes.length < length) {
      text = `${text.slice(0, LINE_LENGTH).replace(/[\ud800-\udbff]$/, '')}…`;
      this.#clipped.push({ line: number, length });
    }
    this.lines.push(text);
    this.#terminated = terminated;
    return Buffer.byteLength(text) + 1;
  }

  /** Drops lines from the front until the rest fits; how many. */
  fit(limit: number, budget: number): number {
    let first = this.lines.length;
    for (let bytes = 0; first > 0 && this.lines.length - first < limit; first -= 1) {
      bytes += Buffer.byteLength(this.lines[first - 1] as string) + 1;
      if (bytes > budget) break;
    }
    this.lines.splice(0, first);
    return first;
  }

  result(): Pick<LineWindow, 'lines' | 'clipped' | 'carriageReturns' | 'malformed' | 'terminated'> {
    return {
      lines: this.lines,
      clipped: this.#clipped,
      carriageReturns: this.#carriageReturns > 0 && this.#carriageReturns >= this.lines.length - 1,
      malformed: this.#decoder.malformed,
      terminated: this.#terminated,
    };
  }
}

/** A byte position at a line start with at least `lines` lines after it, or as far back as is looked. */
function startOfTail(file: OpenFile, encoding: Encoding, lines: number): number {
  const width = encoding.label.startsWith('utf-16') ? 2 : 1;
  for (let back = 65_536; ; back *= 4) {
    const far = Math.min(back, FAR_BACK);
    const position = Math.max(encoding.mark, file.size - far - ((file.size - far) % width));
    if (position <= encoding.mark) return encoding.mark;
    const scanner = new LineScanner(file, encoding, position);
    scanner.skip(1);
    const inside = scanner.skip(Infinity);
    if (inside < lines && far < FAR_BACK) continue;
    const first = new LineScanner(file, encoding, position).next(0);
    return first && inside > 0 ? position + first.length + width : position;
  }
}

function countLines(file: OpenFile, encoding: Encoding, until: number): number {
  const scanner = new LineScanner(file, encoding);
  let lines = 0;
  for (let position = encoding.mark; position < until; lines += 1) {
    const line = scanner.next(0);
    if (!line) break;
    position += line.length + (encoding.label.startsWith('utf-16') ? 2 : 1);
  }
  return lines;
}
