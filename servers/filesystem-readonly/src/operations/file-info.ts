import { createHash } from 'node:crypto';

import { textAnswer, type Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Door } from '../confine/door.ts';
import { kindOf } from '../confine/kind.ts';
import { fileUri, shown } from '../confine/names.ts';
import type { OpenFile } from '../confine/open-file.ts';
import { Refusal } from '../confine/refusal.ts';
import { detectEncoding, SAMPLE } from '../text/encoding.ts';
import { LineScanner } from '../text/line-scanner.ts';
import { detectMedia } from '../text/media.ts';
import { size } from '../text/size.ts';

/** Arguments of `file_info`. */
export interface FileInfoInput {
  readonly path: string;
  readonly hash: 'none' | 'sha256';
}

const LARGEST_HASHED = 1024 ** 3;
const LARGEST_COUNTED = 64 * 1024 * 1024;
const CHUNK = 1024 * 1024;

/** What is known of a file or directory, one fact per line. */
export function fileInfo(door: Door, { path, hash }: FileInfoInput, call: Call): Answer {
  using place = door.locate(path);
  const stats = place.stats();
  const kind = kindOf(stats);
  const facts = [
    `path: ${shown(place.path)}`,
    `uri: ${fileUri(place.path)}`,
    `type: ${kind}`,
    ...(kind === 'file' ? [`size: ${stats.size} (${size(stats.size)})`] : []),
    `modified: ${new Date(stats.mtimeMs).toISOString()}`,
    `mode: ${(stats.mode & 0o7777).toString(8).padStart(4, '0')}`,
    ...(kind === 'file' ? [`links: ${stats.nlink}`] : []),
  ];
  if (kind === 'file') {
    using file = place.openFile();
    facts.push(...contentFacts(file, call));
    if (hash === 'sha256') facts.push(`sha256: ${sha256(file, shown(place.path), call)}`);
  } else if (hash === 'sha256') {
    throw new Refusal('NOT_REGULAR', `${shown(place.path)} is a ${kind}; only regular files have a hash.`);
  }
  return textAnswer(facts.join('\n'));
}

function contentFacts(file: OpenFile, call: Call): string[] {
  const buffer = Buffer.alloc(Math.min(SAMPLE, file.size));
  const sample = buffer.subarray(0, file.read(buffer, 0));
  const media = detectMedia(sample);
  if (media) return [`content: ${media.mimeType}`];
  const encoding = detectEncoding(sample);
  if (!encoding) return ['content: binary'];
  const facts = ['content: text', `encoding: ${encoding.label}${encoding.guessed ? ' (guessed)' : ''}`];
  if (file.size > LARGEST_COUNTED) return facts;
  const lines = new LineScanner(file, encoding).skip(Infinity, () => call.expired());
  return [...facts, `lines: ${lines}`];
}

function sha256(file: OpenFile, name: string, call: Call): string {
  if (file.size > LARGEST_HASHED) {
    throw new Refusal('TOO_LARGE', `${name} has ${size(file.size)}; the limit for a hash is ${size(LARGEST_HASHED)}.`);
  }
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let position = 0; ;) {
    const read = file.read(buffer, position);
    hash.update(buffer.subarray(0, read));
    position += read;
    if (read < CHUNK) break;
    call.progress(position, file.size, () => `${size(position)} hashed`);
    if (call.expired()) throw new Refusal('TIMEOUT', `The time was up after ${size(position)}.`, 'Leave hash out.');
  }
  if (file.changed()) throw new Refusal('CHANGED', `${name} changed while it was read.`, 'Try again.');
  return hash.digest('hex');
}
