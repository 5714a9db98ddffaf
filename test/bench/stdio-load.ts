import { createInterface } from 'node:readline';

import { INITIALIZE, INITIALIZED, message, RIGHT_ANSWER, type Era } from './messages.ts';
import type { RunningTarget } from './target.ts';

/** Keeps so many calls going over stdio; it reads no more of an answer than its line. */
export class StdioLoad {
  readonly #target: RunningTarget;
  readonly #era: Era;
  #id = 1;
  #answered: (line: string) => void = () => {};

  constructor(target: RunningTarget, era: Era) {
    this.#target = target;
    this.#era = era;
    createInterface({ input: target.process.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      if (line.includes('"id"')) this.#answered(line);
    });
  }

  /** Opens the connection in its era, and checks an answer. */
  async open(): Promise<void> {
    if (this.#era === '2025') {
      await this.#ask(INITIALIZE);
      this.#write(INITIALIZED);
    }
    const answer = await this.#ask(message(this.#era, 'tools/call', this.#id++));
    if (!RIGHT_ANSWER['tools/call'].test(answer)) throw new Error(`a wrong answer: ${answer.slice(0, 500)}`);
  }

  /** Runs for so long; resolves with the calls and the seconds that they took. */
  round(milliseconds: number, depth: number): Promise<{ calls: number; seconds: number }> {
    const begin = performance.now();
    let calls = 0;
    let open = depth;
    return new Promise((resolve) => {
      this.#answered = () => {
        calls += 1;
        if (performance.now() - begin < milliseconds) this.#call();
        else if (--open === 0) resolve({ calls, seconds: (performance.now() - begin) / 1000 });
      };
      for (let index = 0; index < depth; index += 1) this.#call();
    });
  }

  #call(): void {
    this.#write(message(this.#era, 'tools/call', this.#id++));
  }

  #ask(request: object): Promise<string> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#write(request);
    });
  }

  #write(request: object): void {
    this.#target.process.stdin?.write(`${JSON.stringify(request)}\n`);
  }
}
