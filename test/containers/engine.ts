import { execFile, type ExecFileOptions } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program; resolves with its stdout, rejects with what it said on stderr when it fails. */
export async function run(program: string, args: readonly string[], options: ExecFileOptions = {}): Promise<string> {
  const { stdout } = await execute(program, args, { maxBuffer: 64 * 1_024 * 1_024, ...options });
  return String(stdout).trim();
}

/** Runs `docker`. */
export async function docker(...args: readonly string[]): Promise<string> {
  return await run('docker', args);
}
