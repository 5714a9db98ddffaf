import { createServer, type Server } from '@mortise/toolkit';
import { skillFolder } from '@mortise/toolkit/skills';

import { Everything } from './everything.ts';
import { surface } from './surface.gen.ts';

/** The server that the suite looks at; the skills lie beside the file that runs. */
export const fixture: Server = createServer({
  name: 'everything',
  version: '1.0.0',
  surface,
  skills: skillFolder(new URL('skills/', import.meta.url)),
  setup: () => new Everything(),
});
