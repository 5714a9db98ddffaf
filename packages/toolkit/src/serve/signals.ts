/** A terminal and npm both deliver a Ctrl-C: so near to each other they are one. */
const SAME_PRESS_MS = 1_000;

/** What a second Ctrl-C gives, by the shell's convention: 128 + SIGINT. */
export const INTERRUPTED = 130;

/**
 * Calls `stop` on the first SIGINT, SIGTERM or SIGHUP, and `force` on a SIGINT that comes more than a second after
 * the first one. Returns what takes the handlers away again.
 */
export function onStopSignal(
  stop: (signal: NodeJS.Signals) => void,
  force: () => void,
  now: () => number = () => performance.now(),
): () => void {
  let interrupted: number | undefined;
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGINT') {
      if (interrupted !== undefined && now() - interrupted > SAME_PRESS_MS) force();
      interrupted ??= now();
    }
    if (stopping) return;
    stopping = true;
    stop(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
