/**
 * Keeps this process from sleeping. Whoever writes to a process that sleeps pays for waking it, on a virtual machine more
 * than for the write itself, and only a server that is slower than its client has to: a floor that keeps the client busy
 * would be spared what all others pay.
 */
export class Awake implements Disposable {
  #turn: NodeJS.Immediate = setImmediate(() => this.#stay());

  #stay(): void {
    this.#turn = setImmediate(() => this.#stay());
  }

  [Symbol.dispose](): void {
    clearImmediate(this.#turn);
  }
}
