import type { Adapter } from './adapter.ts';

/** `@modelcontextprotocol/server-filesystem`, installed in a folder. */
export function official(name: string, entry: string): Adapter {
  return {
    name,
    command: (roots) => ({ command: process.execPath, args: [entry, ...roots] }),
    call(action) {
      switch (action.kind) {
        case 'read':
          return { name: 'read_text_file', arguments: { path: action.path } };
        case 'tail':
          return { name: 'read_text_file', arguments: { path: action.path, tail: action.lines } };
        case 'readMany':
          return { name: 'read_multiple_files', arguments: { paths: action.paths } };
        case 'list':
          return { name: 'list_directory', arguments: { path: action.path } };
        case 'info':
          return { name: 'get_file_info', arguments: { path: action.path } };
        case 'tree':
          return { name: 'directory_tree', arguments: { path: action.path } };
        case 'search':
          return { name: 'search_files', arguments: { path: action.path, pattern: action.pattern } };
        case 'grep':
          return undefined;
      }
    },
  };
}
