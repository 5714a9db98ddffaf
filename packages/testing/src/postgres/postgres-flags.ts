/** Server options for data that does not outlive the run: speed over durability, room for parallel tests. */
export const postgresFlags: readonly string[] = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=300',
].flatMap((setting) => ['-c', setting]);
