// Run where versions were raised: gives every server.json, which the MCP registry reads, the version of its package.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

for (const folder of globSync('servers/*')) {
  const file = join(folder, 'server.json');
  if (!existsSync(file)) continue; // what is not published is not registered
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const server = JSON.parse(readFileSync(file, 'utf8'));
  server.version = version;
  for (const each of server.packages) each.version = version;
  writeFileSync(file, `${JSON.stringify(server, null, 2)}\n`);
}
