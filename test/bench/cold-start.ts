import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { INITIALIZE, INITIALIZED, message, RIGHT_ANSWER } from './messages.ts';

/** Milliseconds from the start of a process to its first answer to `tools/call`, over stdio in 2025. */
export async function coldStart(file: string): Promise<number> {
  const begin = performance.now();
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, TRANSPORT: 'stdio' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  for (const each of [INITIALIZE, INITIALIZED, message('2025', 'tools/call', 1)]) {
    child.stdin.write(`${JSON.stringify(each)}\n`);
  }
  let received = '';
  child.stdout.setEncoding('utf8');
  while (!RIGHT_ANSWER['tools/call'].test(received)) {
    const [chunk] = (await once(child.stdout, 'data')) as [string];
    received += chunk;
  }
  const milliseconds = performance.now() - begin;
  child.kill('SIGKILL');
  await once(child, 'exit');
  return milliseconds;
}
