import type { OpenFile } from '../confine/open-file.ts';
import type { Encoding } from './encoding.ts';

const CHUNK = 65_536;

/** One line, without its line end. */
export interface Line {
  /** The first bytes, as many as were asked for. */
  readonly bytes: Buffer;
  /** Bytes of the whole line. */
  readonly length: number;
  /** A line end follows; only the last line may lack it. */
  readonly terminated: boolean;
}

/**
 * Reads a file line by line in constant memory, whatever its size and the length of its lines. Lines end with LF; in all
 * encodings that are supported except UTF-16 the byte 10 is never part of a character.
 */
export class LineScanner {
  readonly #file: OpenFile;
  readonly #find: (from: number) => number;
  readonly #width: 1 | 2;
  #chunk: Buffer = Buffer.alloc(0);
  readonly #buffer = Buffer.allocUnsafe(CHUNK);
  #at = 0;
  #position: number;

  /** @param position - Byte to begin at; even in UTF-16 */
  constructor(file: OpenFile, { label, mark }: Encoding, position: number = mark) {
    this.#file = file;
    this.#position = position;
    this.#width = label.startsWith('utf-16') ? 2 : 1;
    this.#find = label === 'utf-16le' ? this.#findLittle : label === 'utf-16be' ? this.#findBig : this.#findByte;
  }

  /** Passes over lines; how many there were. Stops where `expired` says so. */
  skip(lines: number, expired: () => boolean = () => false): number {
    let skipped = 0;
    while (skipped < lines) {
      if (!this.#fill()) return skipped;
      for (let end = this.#find(this.#at); end !== -1 && skipped < lines; end = this.#find(this.#at)) {
        this.#at = end;
        skipped += 1;
      }
      if (skipped === lines) break;
      const partial = this.#at < this.#chunk.length;
      this.#at = this.#chunk.length;
      if (partial && !this.#fill()) return skipped + 1;
      if (expired()) break;
    }
    return skipped;
  }

  /** The next line; undefined at the end. */
  next(keep: number, expired: () => boolean = () => false): Line | undefined {
    const parts: Buffer[] = [];
    let kept = 0;
    let length = 0;
    for (;;) {
      if (!this.#fill()) return length === 0 ? undefined : { bytes: Buffer.concat(parts), length, terminated: false };
      const end = this.#find(this.#at);
      const part = this.#chunk.subarray(this.#at, end === -1 ? this.#chunk.length : end - this.#width);
      this.#at = end === -1 ? this.#chunk.length : end;
      length += part.length;
      if (kept < keep) {
        const wanted = Buffer.from(part.subarray(0, keep - kept));
        parts.push(wanted);
        kept += wanted.length;
      }
      if (end !== -1 || expired()) return { bytes: Buffer.concat(parts), length, terminated: end !== -1 };
    }
  }

  /** Whether nothing is left. */
  atEnd(): boolean {
    return !this.#fill();
  }

  #fill(): boolean {
    if (this.#at < this.#chunk.length) return true;
    const read = this.#file.read(this.#buffer, this.#position);
    this.#chunk = this.#buffer.subarray(0, read);
    this.#position += read;
    this.#at = 0;
    return read > 0;
  }

  // Each returns where the next line begins.
  #findByte = (from: number): number => this.#chunk.indexOf(10, from) + 1 || -1;

  #findLittle = (from: number): number => {
    for (let at = this.#chunk.indexOf(10, from); at !== -1; at = this.#chunk.indexOf(10, at + 1)) {
      if (at % 2 === 0 && this.#chunk[at + 1] === 0) return at + 2;
    }
    return -1;
  };

  #findBig = (from: number): number => {
    for (let at = this.#chunk.indexOf(10, from); at !== -1; at = this.#chunk.indexOf(10, at + 1)) {
      if (at % 2 === 1 && this.#chunk[at - 1] === 0) return at + 1;
    }
    return -1;
  };
}
