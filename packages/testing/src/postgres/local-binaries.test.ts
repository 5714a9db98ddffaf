import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { isOpenToEveryone } from './local-binaries.ts';

it.skipIf(process.platform === 'win32')('sees that a closed folder keeps other accounts from a program', () => {
  const closed = mkdtempSync(join(tmpdir(), 'mortise-closed-'));
  try {
    writeFileSync(join(closed, 'program'), '', { mode: 0o755 });
    expect(isOpenToEveryone(join(closed, 'program'))).toBe(false);
    expect(isOpenToEveryone('/bin/sh')).toBe(true);
  } finally {
    rmSync(closed, { recursive: true });
  }
});
