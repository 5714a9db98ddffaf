import { Writable } from 'node:stream';

let reserved: Writable | undefined;

/**
 * Takes stdout for the protocol: the stream returned is the only way to it from now on. What anyone else in the
 * process writes (`console.log`, `process.stdout.write`, a worker's output) goes to stderr. A second call returns the
 * same stream.
 */
export function reserveStdout(): Writable {
  if (reserved) return reserved;
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  // The error reaches the reserved stream through the callback below; unheard here it would end the process.
  stdout.on('error', () => undefined);
  stdout.write = stderr.write.bind(stderr);
  reserved = new Writable({
    decodeStrings: false,
    write: (chunk: string | Buffer, _encoding, done) => void write(chunk, done),
  });
  return reserved;
}
