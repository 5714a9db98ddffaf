import { isUtf8 } from 'node:buffer';

import { analyse } from 'chardet';

import { quoted } from '../confine/names.ts';
import { Refusal } from '../confine/refusal.ts';

/** How the bytes of a file are text. */
export interface Encoding {
  /** Label of the Encoding Standard, such as `utf-8` or `windows-1252`. */
  readonly label: string;
  /** Nothing in the file says so. */
  readonly guessed: boolean;
  /** Bytes of a byte order mark at the beginning. */
  readonly mark: number;
}

type Decoder = InstanceType<typeof TextDecoder>;

/** As many bytes from the beginning of a file tell what it is. */
export const SAMPLE = 65_536;

/** Sure enough of a statistical guess, out of 100. */
const SURE = 80;

/** The encoding of the text that begins like this; undefined when it is no text. */
export function detectEncoding(sample: Buffer): Encoding | undefined {
  const marked = byteOrderMark(sample);
  if (marked) return marked;
  if (sample.includes(0)) return wideWithoutMark(sample);
  if (isUtf8(sample) || isUtf8(withoutCutCharacter(sample))) {
    return manyControls(sample) ? undefined : { label: 'utf-8', guessed: false, mark: 0 };
  }
  if (manyControls(sample)) return undefined;
  const [best] = analyse(sample);
  const known = best && best.confidence >= SURE ? decoderFor(best.name)?.encoding : undefined;
  return { label: known ?? 'windows-1252', guessed: true, mark: 0 };
}

/** @throws Refusal ENCODING when there is no such encoding */
export function givenEncoding(label: string, sample: Buffer): Encoding {
  const decoder = decoderFor(label);
  if (!decoder) {
    throw new Refusal(
      'ENCODING',
      `There is no encoding ${quoted(label)}.`,
      'Use a label such as utf-8 or windows-1251.',
    );
  }
  const marked = byteOrderMark(sample);
  const mark = marked && marked.label === decoder.encoding ? marked.mark : 0;
  return { label: decoder.encoding, guessed: false, mark };
}

/** Decodes lines; `malformed` says afterwards whether bytes had to be replaced by U+FFFD. */
export class LineDecoder {
  readonly #strict: Decoder;
  readonly #lax: Decoder;
  malformed = false;

  constructor({ label }: Encoding) {
    this.#strict = new TextDecoder(label, { fatal: true, ignoreBOM: true });
    this.#lax = new TextDecoder(label, { ignoreBOM: true });
  }

  /** @param cut - The bytes may end within a character */
  decode(bytes: Uint8Array, cut: boolean): string {
    if (cut) return this.#lax.decode(bytes);
    try {
      return this.#strict.decode(bytes);
    } catch {
      this.malformed = true;
      return this.#lax.decode(bytes);
    }
  }
}

function byteOrderMark(sample: Buffer): Encoding | undefined {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf)
    return { label: 'utf-8', guessed: false, mark: 3 };
  if (sample[0] === 0xff && sample[1] === 0xfe) return { label: 'utf-16le', guessed: false, mark: 2 };
  if (sample[0] === 0xfe && sample[1] === 0xff) return { label: 'utf-16be', guessed: false, mark: 2 };
  return undefined;
}

/** Western text in UTF-16 has a zero in every second byte, and only there. */
function wideWithoutMark(sample: Buffer): Encoding | undefined {
  const zeros = [0, 0];
  for (let at = 0; at < sample.length; at += 1) if (sample[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const most = Math.max(even, odd);
  if (sample.length < 8 || Math.min(even, odd) > 0 || most < sample.length * 0.3) return undefined;
  return { label: odd === most ? 'utf-16le' : 'utf-16be', guessed: true, mark: 0 };
}

function withoutCutCharacter(sample: Buffer): Buffer {
  let end = sample.length;
  for (let back = 0; back < 3 && ((sample[end - 1] ?? 0) & 0xc0) === 0x80; back += 1) end -= 1;
  return (sample[end - 1] ?? 0) >= 0xc0 ? sample.subarray(0, end - 1) : sample;
}

/** Text has tabs, line ends, form feeds and escapes; other controls in number are the mark of something else. */
function manyControls(sample: Buffer): boolean {
  let controls = 0;
  for (const byte of sample) {
    if (byte < 0x20 ? byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27 : byte === 0x7f) {
      controls += 1;
    }
  }
  return controls > sample.length * 0.02;
}

function decoderFor(label: string): Decoder | undefined {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}
