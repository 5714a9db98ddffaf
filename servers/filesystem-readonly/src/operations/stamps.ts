import type { Call } from '../call.ts';
import type { Door } from '../confine/door.ts';

/** For each path a text that is another when the file or directory is: empty where there is nothing to be read. */
export function stamps(door: Door, { paths }: { readonly paths: readonly string[] }, call: Call): string[] {
  return paths.map((path) => {
    try {
      if (call.expired()) return '';
      using place = door.locate(path);
      const { ino, size, mtimeMs, ctimeMs } = place.stats();
      return [ino, size, mtimeMs, ctimeMs].join(' ');
    } catch {
      return '';
    }
  });
}
