import { isAscii } from 'node:buffer';

import { RE2JS } from 're2js';

import { TEXT_BUDGET } from '../answer.ts';
import type { Call } from '../call.ts';
import type { OpenFile } from '../confine/open-file.ts';
import { linearPattern } from '../pattern/linear.ts';
import { requiredTexts } from '../pattern/required-text.ts';

/** What the search of one file gave. */
export interface FileMatches {
  /** Why the file was not searched. */
  readonly skipped?: 'binary' | 'large';
  /** Matching lines. */
  readonly matches: number;
  /** The lines to show: `12: text` for a match, `13- text` around it, `--` between. */
  readonly lines: readonly string[];
  /** There may be more matches after this line. */
  readonly stoppedAt?: number | undefined;
}

/** What to look for. */
export interface Searcher {
  readonly pattern: RE2JS;
  readonly multiline: boolean;
  /** Whether a match is possible in these bytes; cheap. */
  readonly mayMatch: (bytes: Buffer) => boolean;
}

/** How to look in a file. */
export interface GrepFileOptions {
  readonly context: number;
  readonly mode: 'lines' | 'files' | 'count';
  /** Lines up to this one were shown before. */
  readonly afterLine?: number;
}

/** Matching lines that are shown of one file. */
const PER_FILE = 100;
/** Characters that are shown of a line. */
const SHOWN = 400;
/** A file is searched in pieces of whole lines of about this size, so that a slow pattern can be stopped in between. */
const PIECE = 256 * 1024;
const SNIFFED = 8192;
const LARGEST_MULTILINE = 8 * 1024 * 1024;

/** @throws Refusal PATTERN */
export function searcherFor(input: {
  readonly pattern: string;
  readonly literal: boolean;
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
}): Searcher {
  const { pattern, literal, ignoreCase, multiline } = input;
  const source = literal ? RE2JS.quote(pattern) : pattern;
  const compiled = linearPattern(source, { ignoreCase, lines: true, dotAll: multiline });
  return { pattern: compiled, multiline, mayMatch: prefilter(requiredTexts(source), ignoreCase) };
}

function prefilter(required: readonly string[], ignoreCase: boolean): Searcher['mayMatch'] {
  if (required.length === 0) return () => true;
  if (!ignoreCase) return (bytes) => required.some((text) => bytes.includes(text, 0, 'latin1'));
  const lower = required.map((text) => text.toLowerCase());
  return (bytes) => {
    if (!isAscii(bytes)) return true; // beyond ASCII, letters have more than two cases
    const text = bytes.toString('latin1').toLowerCase();
    return lower.some((each) => text.includes(each));
  };
}

const buffer = Buffer.allocUnsafe(PIECE * 2);

/** Searches one file in constant memory. */
export function fileMatches(file: OpenFile, searcher: Searcher, options: GrepFileOptions, call: Call): FileMatches {
  const output = new Output(options);
  if (searcher.multiline && file.size > LARGEST_MULTILINE) return { skipped: 'large', matches: 0, lines: [] };
  const pieces = searcher.multiline ? Buffer.allocUnsafe(file.size + 1) : buffer;
  let kept = 0;
  let line = 1;
  for (let position = 0; ;) {
    const wanted = Math.min(pieces.length - kept, Math.max(PIECE, searcher.multiline ? file.size + 1 : 0));
    // a small file is read in one call and known to be at its end without another
    const room = position === 0 && file.size < wanted ? file.size + 1 : wanted;
    const read = file.read(pieces.subarray(kept, kept + room), position);
    const filled = kept + read;
    if (position === 0 && pieces.subarray(0, Math.min(filled, SNIFFED)).includes(0)) {
      return { skipped: 'binary', matches: 0, lines: [] };
    }
    position += read;
    const atEnd = read < room;
    // up to the last line end; a line that fills the buffer is searched in parts
    const lastEnd = atEnd ? filled : pieces.lastIndexOf(10, filled - 1) + 1 || filled;
    const piece = pieces.subarray(0, Math.min(lastEnd, filled));
    if (searcher.mayMatch(piece)) line = output.piece(textOf(piece), line, searcher);
    else if (!atEnd) line += lineEnds(piece);
    if (atEnd || output.full || call.expired()) return output.result();
    pieces.copyWithin(0, lastEnd, filled);
    kept = filled - lastEnd;
  }
}

function lineEnds(bytes: Buffer): number {
  let ends = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) ends += 1;
  return ends;
}

function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
}

class Output {
  readonly #options: GrepFileOptions;
  readonly #lines: string[] = [];
  #matches = 0;
  #lastShown = 0;
  #lastMatch = 0;
  full = false;

  constructor(options: GrepFileOptions) {
    this.#options = options;
  }

  /** Searches whole lines of a file; the number of the line after them. */
  piece(text: string, first: number, { pattern, multiline }: Searcher): number {
    const matcher = pattern.matcher(text);
    let line = first;
    let counted = 0;
    for (let at = 0; at <= text.length && matcher.find(at);) {
      const start = startOfLine(text, matcher.start());
      const end = endOfLine(text, start);
      // a match across lines counts only where it was asked for; else the line has to match by itself
      const matches = multiline || matcher.end() <= end || pattern.test(text.slice(start, end));
      line += linesBetween(text, counted, start);
      counted = start;
      if (start >= text.length) break; // after the last line end there is no line
      if (matches && line > (this.#options.afterLine ?? 0)) {
        const stop = multiline ? endOfLine(text, Math.max(start, matcher.end() - 1)) : end;
        this.#match(text, start, stop, line, matcher.start() - start);
        if (this.full) return line;
        at = stop + 1;
      } else {
        at = end + 1;
      }
    }
    return line + linesBetween(text, counted, text.length);
  }

  result(): FileMatches {
    const stopped = this.full && this.#options.mode === 'lines';
    return { matches: this.#matches, lines: this.#lines, stoppedAt: stopped ? this.#lastMatch : undefined };
  }

  #match(text: string, start: number, stop: number, line: number, column: number): void {
    const { mode, context } = this.#options;
    this.#matches += 1;
    if (mode === 'files') this.full = true;
    if (mode !== 'lines') return;
    const before = linesBefore(text, start, Math.min(context, line - this.#lastShown - 1));
    if (context > 0 && this.#lastShown > 0 && line - before.length > this.#lastShown + 1) this.#lines.push('--');
    for (const [index, each] of before.entries()) {
      this.#lines.push(`${line - before.length + index}- ${around(each, 0)}`);
    }
    const own = text.slice(start, stop).split('\n');
    for (const [index, each] of own.entries()) {
      if (line + index <= this.#lastShown) this.#promote(line + index);
      else this.#lines.push(`${line + index}: ${around(each, index === 0 ? column : 0)}`);
    }
    const last = line + own.length - 1;
    const after = linesAfter(text, stop, context);
    for (const [index, each] of after.entries()) this.#lines.push(`${last + 1 + index}- ${around(each, 0)}`);
    this.#lastShown = Math.max(this.#lastShown, last + after.length);
    this.#lastMatch = last;
    this.full = this.#matches >= PER_FILE || this.#bytes() > TEXT_BUDGET;
  }

  #bytes(): number {
    return this.#lines.reduce((sum, each) => sum + each.length, 0);
  }

  /** A line shown as context turns out to match. */
  #promote(line: number): void {
    const index = this.#lines.findLastIndex((each) => each.startsWith(`${line}- `));
    const shown = this.#lines[index];
    if (shown !== undefined) this.#lines[index] = shown.replace('- ', ': ');
  }
}

function startOfLine(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1; // a negative index would count as 0
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function linesBetween(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function linesBefore(text: string, start: number, most: number): string[] {
  const lines: string[] = [];
  for (let end = start - 1; lines.length < most && end >= 0;) {
    const begin = text.lastIndexOf('\n', end - 1) + 1;
    lines.unshift(end === 0 ? '' : text.slice(begin, end));
    end = end === 0 ? -1 : begin - 1;
  }
  return lines;
}

function linesAfter(text: string, stop: number, most: number): string[] {
  const lines: string[] = [];
  for (let begin = stop + 1; lines.length < most && begin < text.length;) {
    const end = endOfLine(text, begin);
    lines.push(text.slice(begin, end));
    begin = end + 1;
  }
  return lines;
}

/** The part of a line around a column. */
function around(line: string, column: number): string {
  if (line.length <= SHOWN) return line;
  const from = Math.max(0, Math.min(column - SHOWN / 4, line.length - SHOWN));
  return `${from > 0 ? '…' : ''}${line.slice(from, from + SHOWN).toWellFormed()}${from + SHOWN < line.length ? '…' : ''}`;
}
