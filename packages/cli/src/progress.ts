import type { Terminal } from './command.ts';

const PATIENCE_MS = 1_000;

/** Waits for the work; says what is being waited for when that takes longer than a second, and again every ten. */
export async function withProgress<Result>(terminal: Terminal, what: string, work: Promise<Result>): Promise<Result> {
  const start = performance.now();
  let timer = setTimeout(function say() {
    terminal.err(`${what} … ${Math.round((performance.now() - start) / 1_000)} s`);
    timer = setTimeout(say, 10 * PATIENCE_MS);
  }, PATIENCE_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

/** Says to a person what begins; for work that leaves this thread no time to say anything meanwhile. */
export function announce(terminal: Terminal, what: string): void {
  if (terminal.ask) terminal.err(`${what} …`);
}
