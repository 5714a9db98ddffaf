import { ConfigurationError } from '../define/configuration-error.ts';

/** A probe must be over before whoever runs it gives up, usually after 5 s. */
const TIMEOUT_MS = 3_000;

/**
 * Asks a running server for its health: what the command `health` does, for container and process supervisors.
 * @returns The line for stdout
 * @throws ConfigurationError when it does not answer 200
 */
export async function probe(url: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    await response.body?.cancel();
  } catch {
    throw new ConfigurationError(
      `Nothing answers at ${url}. Start the server with --http, or give its address by --url.`,
    );
  }
  if (response.status !== 200) throw new ConfigurationError(`${url} answered ${response.status}.`);
  return 'ok';
}
