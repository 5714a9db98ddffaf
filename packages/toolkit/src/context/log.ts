/** Severities of a log record, as in RFC 5424 as far as the {@link Context} offers them. */
export type Severity = 'debug' | 'info' | 'warning' | 'error';

/**
 * Writes one record for the operator.
 * @param data - `request` is the id of the call; the rest is what the handler gave
 */
export type WriteLog = (severity: Severity, message: string, data?: Readonly<Record<string, unknown>>) => void;

/** One JSON object per line on stderr; stdout belongs to the protocol. `debug` is for the client only. */
export const logToStderr: WriteLog = (severity, message, data) => {
  if (severity === 'debug') return;
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), severity, message, ...data })}\n`);
};
