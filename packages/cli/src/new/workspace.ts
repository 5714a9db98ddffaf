import { existsSync } from 'node:fs';
import path from 'node:path';

/** The nearest folder above, or this one, that is a workspace with the template in it. */
export function workspaceOf(directory: string): string | undefined {
  const isWorkspace = ['pnpm-workspace.yaml', 'servers/template/package.json'].every((file) =>
    existsSync(path.join(directory, file)),
  );
  if (isWorkspace) return directory;
  const above = path.dirname(directory);
  return above === directory ? undefined : workspaceOf(above);
}
