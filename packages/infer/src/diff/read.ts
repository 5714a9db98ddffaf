import type { ClassSurface } from '../surface.ts';

/**
 * The classes in the text of a surface file, or in what `mortise infer --json` printed.
 * @throws Error when it is neither
 */
export function readSurface(text: string): ClassSurface[] {
  if (text.trimStart().startsWith('{')) {
    const { classes } = JSON.parse(text) as { classes?: ClassSurface[] };
    if (!Array.isArray(classes)) throw new Error('it has no classes');
    return classes;
  }
  if (!text.includes('export const surface: Surface')) throw new Error('it is no surface file');
  const blocks = text.replaceAll('\r\n', '\n').matchAll(/^ {4}surfaceOf\(\w+, (\{[\s\S]*?\n? *\})\),$/gm);
  return [...blocks].map(([, json]) => JSON.parse(json as string) as ClassSurface);
}
