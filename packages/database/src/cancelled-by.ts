/**
 * How a query is executed that a call waits for: when its signal fires, the query stops on the server as well, where
 * that is Postgres.
 */
export function cancelledBy(signal: AbortSignal): { signal: AbortSignal; inflightQueryAbortStrategy: 'cancel query' } {
  return { signal, inflightQueryAbortStrategy: 'cancel query' };
}
