/** Says which files nobody may read through this server. Asked with the path below the root after links are resolved. */
export interface Protection {
  /** Whether the last name of this path (`a/b/c`, no leading slash) is protected. Its folders were asked before. */
  denies(path: string): boolean;
}
