const LINE_FEED = 0x0a;

/** A line that is longer than the reader may hold. */
export class LineTooLongError extends Error {
  override readonly name = 'LineTooLongError';

  constructor(maxBytes: number) {
    super(`Invalid request: the line is longer than ${maxBytes} bytes.`);
  }
}

/** Cuts a stream of bytes into lines of UTF-8 text, whatever the chunks. */
export class LineReader {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The lines that `chunk` completes, without their line ends.
   * @throws LineTooLongError as soon as an unfinished line is too long; nothing of it is kept
   */
  *read(chunk: Buffer): Generator<string> {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.#keep(chunk.subarray(start, end));
      start = end + 1;
      const [first, ...rest] = this.#chunks;
      const line = (rest.length === 0 ? first : Buffer.concat(this.#chunks))?.toString('utf8') ?? '';
      this.#drop();
      yield line.endsWith('\r') ? line.slice(0, -1) : line;
    }
    this.#keep(chunk.subarray(start));
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#maxBytes) {
      this.#drop();
      throw new LineTooLongError(this.#maxBytes);
    }
    if (part.length > 0) this.#chunks.push(part);
  }

  #drop(): void {
    this.#chunks = [];
    this.#bytes = 0;
  }
}
