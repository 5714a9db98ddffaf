import { expect, test } from 'vitest';
import { onStopSignal } from './signals.ts';

/** Sends signals to the handlers of this process, without the process. */
function pressed(...presses: readonly (readonly [at: number, signal: NodeJS.Signals])[]): string[] {
  const told: string[] = [];
  let now = 0;
  const remove = onStopSignal(
    (signal) => told.push(signal),
    () => told.push('force'),
    () => now,
  );
  for (const [at, signal] of presses) {
    now = at;
    process.emit(signal, signal);
  }
  remove();
  return told;
}

test('the first signal stops', () => {
  expect(pressed([0, 'SIGTERM'])).toEqual(['SIGTERM']);
  expect(pressed([0, 'SIGHUP'], [1, 'SIGTERM'], [9_000, 'SIGTERM'])).toEqual(['SIGHUP']);
});

test('two SIGINTs within a second are one, a later one forces', () => {
  expect(pressed([0, 'SIGINT'], [999, 'SIGINT'])).toEqual(['SIGINT']);
  expect(pressed([0, 'SIGINT'], [5, 'SIGINT'], [1_001, 'SIGINT'])).toEqual(['SIGINT', 'force']);
});

test('the handlers can be taken away', () => {
  const before = process.listenerCount('SIGTERM');
  expect(pressed()).toEqual([]);
  expect(process.listenerCount('SIGTERM')).toBe(before);
});
