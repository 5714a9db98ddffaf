import { completePath } from './complete-path.ts';
import { directoryTree } from './directory-tree.ts';
import { fileInfo } from './file-info.ts';
import { grep } from './grep.ts';
import { listDirectory } from './list-directory.ts';
import { listRoots } from './list-roots.ts';
import { readFile } from './read-file.ts';
import { readFiles } from './read-files.ts';
import { readResource } from './read-resource.ts';
import { searchFiles } from './search-files.ts';
import { stamps } from './stamps.ts';

/** The operations by name. */
export interface Operations {
  readonly completePath: typeof completePath;
  readonly directoryTree: typeof directoryTree;
  readonly fileInfo: typeof fileInfo;
  readonly grep: typeof grep;
  readonly listDirectory: typeof listDirectory;
  readonly listRoots: typeof listRoots;
  readonly readFile: typeof readFile;
  readonly readFiles: typeof readFiles;
  readonly readResource: typeof readResource;
  readonly searchFiles: typeof searchFiles;
  readonly stamps: typeof stamps;
}

/** Everything that worker threads do: synchronous, on plain data. */
export const operations: Operations = {
  completePath,
  directoryTree,
  fileInfo,
  grep,
  listDirectory,
  listRoots,
  readFile,
  readFiles,
  readResource,
  searchFiles,
  stamps,
};
