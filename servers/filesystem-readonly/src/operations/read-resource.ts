import type { Call } from '../call.ts';
import type { Door } from '../confine/door.ts';
import { kindOf } from '../confine/kind.ts';
import { shown } from '../confine/names.ts';
import { Refusal } from '../confine/refusal.ts';
import { detectEncoding, LineDecoder, SAMPLE } from '../text/encoding.ts';
import { size } from '../text/size.ts';
import { listDirectory } from './list-directory.ts';

/** Base64 grows by a third, and an answer stays below 1 MiB. */
const LARGEST = 700_000;

/** A whole file, as text where it is text; the listing of a directory. */
export function readResource(door: Door, { path }: { readonly path: string }, call: Call): string | Uint8Array {
  using place = door.locate(path);
  if (kindOf(place.stats()) === 'directory') {
    const { content } = listDirectory(door, { path, sort: 'name', hidden: true }, call);
    return content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  }
  using file = place.openFile();
  if (file.size > LARGEST) {
    const limit = `the limit for a resource is ${size(LARGEST)}`;
    throw new Refusal(
      'TOO_LARGE',
      `${shown(place.path)} has ${size(file.size)}; ${limit}.`,
      'Use read_file with offset.',
    );
  }
  const buffer = Buffer.alloc(file.size);
  const bytes = buffer.subarray(0, file.read(buffer, 0));
  const encoding = detectEncoding(bytes.subarray(0, SAMPLE));
  if (!encoding || encoding.guessed) return bytes;
  return new LineDecoder(encoding).decode(bytes.subarray(encoding.mark), false);
}
