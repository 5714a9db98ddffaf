// The worker thread: makes the system calls. It can be held up by a file system or busy for long; others go on meanwhile.
import { parentPort, workerData } from 'node:worker_threads';

import { Cancelled, type Call } from './call.ts';
import { Door } from './confine/door.ts';
import { Refusal } from './confine/refusal.ts';
import { operations } from './operations/operations.ts';
import { protection } from './policy/secrets.ts';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker/messages.ts';

const PROGRESS_EVERY_MS = 250;

const start = workerData as WorkerStart;
let door: Door | undefined;
const port = parentPort;
const send = (reply: WorkerReply): void => port?.postMessage(reply);

port?.on('message', ({ operation, input, within, time, stop }: WorkerRequest) => {
  try {
    door ??= new Door(start.roots, protection(start.protection)); // refuses a glob that cannot be read
    using narrowed = within && door.narrowed(within);
    const run = operations[operation] as (door: Door, input: unknown, call: Call) => unknown;
    send({ kind: 'answer', value: run(narrowed ?? door, input, callOf(time, new Int32Array(stop))) });
  } catch (error) {
    send(replyTo(error));
  }
});

function callOf(time: number, stop: Int32Array): Call {
  const end = performance.now() + time;
  let told = performance.now();
  return {
    expired() {
      if (Atomics.load(stop, 0) !== 0) throw new Cancelled();
      return performance.now() > end;
    },
    progress(done, total, message) {
      if (performance.now() - told < PROGRESS_EVERY_MS) return;
      told = performance.now();
      send({ kind: 'progress', done, total, message: message() });
    },
  };
}

function replyTo(error: unknown): WorkerReply {
  if (error instanceof Refusal) {
    return { kind: 'refusal', code: error.code, message: error.message, hint: error.hint };
  }
  return { kind: 'failure', cause: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown' };
}
