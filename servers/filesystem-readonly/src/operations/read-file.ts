import { count, textAnswer, TEXT_BUDGET, type Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Door } from '../confine/door.ts';
import { fileUri, shown } from '../confine/names.ts';
import type { OpenFile } from '../confine/open-file.ts';
import { Refusal } from '../confine/refusal.ts';
import { detectEncoding, givenEncoding, SAMPLE, type Encoding } from '../text/encoding.ts';
import { detectMedia } from '../text/media.ts';
import { size } from '../text/size.ts';
import { readWindow, readTail, LINE_LIMIT, type LineWindow } from './line-window.ts';

/** Arguments of `read_file`. */
export interface ReadFileInput {
  readonly path: string;
  /** First line, from 1. */
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
  readonly head?: number | undefined;
  readonly tail?: number | undefined;
  readonly lineNumbers: boolean;
  readonly encoding?: string | undefined;
}

/** Base64 grows by a third, and an answer stays below 1 MiB. */
const LARGEST_MEDIA = 700_000;

/** Reads lines of a text file, or an image or sound as a whole. */
export function readFile(door: Door, input: ReadFileInput, call: Call, budget: number = TEXT_BUDGET): Answer {
  assertOneRange(input);
  using place = door.locate(input.path);
  using file = place.openFile();
  const sample = Buffer.alloc(Math.min(SAMPLE, Math.max(file.size, 1)));
  const start = sample.subarray(0, file.read(sample, 0));
  const encoding = input.encoding === undefined ? detectEncoding(start) : givenEncoding(input.encoding, start);
  const media = encoding && !encoding.guessed ? undefined : detectMedia(start);
  if (media?.block) return wholeMedia(file, place.path, media.mimeType, media.block);
  if (!encoding || media) {
    const what = media ? `is ${media.mimeType}` : 'is binary';
    throw new Refusal(
      'BINARY',
      `${shown(place.path)} ${what}, not text (${size(file.size)}).`,
      'Call file_info for what is known of it, or pass encoding to read it as text all the same.',
    );
  }
  if (start.length === 0) return textAnswer('', ['the file is empty']);
  const window = readLines(file, encoding, input, call, budget);
  const text = input.lineNumbers ? numbered(window) : plain(window);
  const answer = textAnswer(text, notesOn(window, file, encoding));
  if (window.next === undefined) return answer;
  const link = {
    type: 'resource_link',
    uri: fileUri(place.path),
    name: shown(place.names.at(-1) ?? ''),
    size: file.size,
  } as const;
  return { content: [...answer.content, link] };
}

function assertOneRange({ offset, limit, head, tail }: ReadFileInput): void {
  const ways = [head, tail, offset ?? limit].filter((each) => each !== undefined).length;
  if (ways > 1) {
    throw new Refusal('RANGE', 'head, tail and offset with limit exclude one another.', 'Give one of them.');
  }
}

function readLines(file: OpenFile, encoding: Encoding, input: ReadFileInput, call: Call, budget: number): LineWindow {
  const expired = (): boolean => call.expired();
  const limit = Math.min(input.limit ?? input.head ?? input.tail ?? LINE_LIMIT, LINE_LIMIT);
  if (input.tail !== undefined) return readTail(file, encoding, { limit, budget, expired });
  const window = readWindow(file, encoding, { from: input.offset ?? 1, limit, budget, expired });
  if (window.lines.length === 0 && window.total !== undefined) {
    throw new Refusal(
      'RANGE',
      `offset ${input.offset} is beyond the end: the file has ${count(window.total, 'line')}.`,
    );
  }
  return window;
}

function wholeMedia(file: OpenFile, path: string, mimeType: string, type: 'image' | 'audio'): Answer {
  if (file.size > LARGEST_MEDIA) {
    const limit = size(LARGEST_MEDIA);
    throw new Refusal('TOO_LARGE', `${shown(path)} is ${mimeType} of ${size(file.size)}; the limit is ${limit}.`);
  }
  const bytes = Buffer.alloc(file.size);
  const data = bytes.subarray(0, file.read(bytes, 0)).toString('base64');
  return { content: [{ type, data, mimeType }] };
}

function plain({ lines, terminated }: LineWindow): string {
  return lines.join('\n') + (terminated ? '\n' : '');
}

function numbered({ lines, from }: LineWindow): string {
  return lines.map((line, index) => `${(from ?? 1) + index}\t${line}`).join('\n');
}

function notesOn(window: LineWindow, file: OpenFile, encoding: Encoding): string[] {
  const { from, lines, total, next, clipped } = window;
  const notes: string[] = [];
  if (from === undefined) notes.push(`the last ${count(lines.length, 'line')} of ${size(file.size)}`);
  else if (next !== undefined || from > 1) {
    const of = total === undefined ? `; the file has ${size(file.size)}` : ` of ${total.toLocaleString('en-US')}`;
    const on = next === undefined ? '' : `; continue with offset=${next}`;
    notes.push(`lines ${from}-${from + lines.length - 1}${of}${on}`);
  }
  for (const { line, length } of clipped.slice(0, 3)) notes.push(`line ${line} is cut; it has ${size(length)}`);
  if (clipped.length > 3) notes.push(`${count(clipped.length - 3, 'more line is', 'more lines are')} cut`);
  if (encoding.guessed) notes.push(`encoding ${encoding.label}, guessed; pass encoding for another`);
  else if (encoding.label !== 'utf-8') notes.push(`encoding ${encoding.label}`);
  if (window.malformed) notes.push(`some bytes are not ${encoding.label}; they are shown as \ufffd`);
  if (window.carriageReturns) notes.push('line ends are CRLF');
  if (window.late) notes.push('the time was up');
  if (file.changed()) notes.push('the file changed while it was read');
  return notes;
}
