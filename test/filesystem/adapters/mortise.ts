import { fileURLToPath } from 'node:url';

import type { Adapter } from './adapter.ts';

/** The bundle. */
export const cli: string = fileURLToPath(new URL('../../../servers/filesystem-readonly/dist/cli.js', import.meta.url));

/** The bundle of this repository, with the options given. */
export function mortise(options: readonly string[] = []): Adapter {
  return {
    name: ['filesystem-readonly', ...options].join(' '),
    command: (roots) => ({ command: process.execPath, args: [cli, ...options, ...roots] }),
    call(action) {
      switch (action.kind) {
        case 'read':
          return { name: 'read_file', arguments: { path: action.path } };
        case 'tail':
          return { name: 'read_file', arguments: { path: action.path, tail: action.lines } };
        case 'readMany':
          return { name: 'read_files', arguments: { paths: action.paths } };
        case 'list':
          return { name: 'list_directory', arguments: { path: action.path } };
        case 'info':
          return { name: 'file_info', arguments: { path: action.path } };
        case 'tree':
          return { name: 'directory_tree', arguments: { path: action.path, hidden: true, depth: 20, limit: 5000 } };
        case 'search':
          return { name: 'search_files', arguments: { path: action.path, pattern: action.pattern } };
        case 'grep':
          return { name: 'grep', arguments: { path: action.path, pattern: action.pattern, context_lines: 10 } };
      }
    },
  };
}
