import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/** What a server is asked to show that it works as it was installed. */
export interface Question {
  /** The command line that it is started with. */
  readonly args: readonly string[];
  readonly call: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };
  /** A part of the right answer, which comes from the data in the package. */
  readonly answer: string;
}

/** One question for each public server, by the name of its package. */
export const questions: Readonly<Record<string, Question>> = {
  '@mortise/customer-db': {
    args: [],
    call: { name: 'search_customers', arguments: { query: 'Acme Corp' } },
    answer: 'Dana Whitfield',
  },
  '@mortise/filesystem-readonly': {
    args: ['--demo'],
    call: { name: 'search_files', arguments: { pattern: '**/*.csv' } },
    answer: 'projects/garden/costs.csv',
  },
  '@mortise/orders': {
    args: [],
    call: { name: 'search_orders', arguments: { query: 'Acme Corp' } },
    answer: 'Dana Whitfield',
  },
};

/** The revisions of the protocol that clients speak, and how the official client is told to speak one. */
export const eras = { '2025-11-25': 'legacy', '2026-07-28': { pin: '2026-07-28' } } as const;

/** How a server is started over stdio. */
export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Starts a server, asks it the question as a client of the era and ends it; what it answered and wrote to stderr. */
export async function ask(
  { args, call }: Question,
  start: Start,
  era: keyof typeof eras,
): Promise<{ answer: string; protocol: string | undefined; stderr: string }> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: eras[era] } });
  const { env, cwd } = start;
  const transport = new StdioClientTransport({
    command: start.command,
    args: [...start.args, ...args],
    ...(env && { env: { ...env } }),
    ...(cwd !== undefined && { cwd }),
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (text) => (stderr += String(text)));
  try {
    await client.connect(transport, { timeout: 120_000 }); // npm fetches the package meanwhile
    const result = await client.callTool({ name: call.name, arguments: { ...call.arguments } });
    return { answer: JSON.stringify(result), protocol: client.getNegotiatedProtocolVersion(), stderr };
  } catch (error) {
    throw new Error(`${start.command} ${start.args.join(' ')} did not answer:\n${stderr}`, { cause: error });
  } finally {
    await client.close();
  }
}
