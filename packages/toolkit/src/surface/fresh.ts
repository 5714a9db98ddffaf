import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

import { ConfigurationError } from '../define/configuration-error.ts';
import type { Surface } from './surface.ts';

/**
 * Refuses a surface whose sources have changed since it was inferred. What was compiled or bundled holds the code
 * beside its surface, and sources that are not there cannot have changed.
 * @throws ConfigurationError MRT2002, with the command that mends it
 */
export function assertFresh(surface: Surface): void {
  if (!surface.base.startsWith('file:') || !surface.base.endsWith('.ts')) return;
  for (const [path, hash] of Object.entries(surface.sources)) {
    const file = new URL(path, surface.base);
    if (!existsSync(file)) continue;
    const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
    if (createHash('sha256').update(text).digest('base64url').slice(0, 16) !== hash) {
      throw new ConfigurationError(
        `MRT2002: the surface is stale: ${path} changed after it was inferred. Run: mortise infer`,
      );
    }
  }
}
