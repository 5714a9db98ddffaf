import { createServer, run } from '@mortise/toolkit';
import { skillFolder } from '@mortise/toolkit/skills';

import { Everything } from './everything.ts';
import { surface } from './surface.gen.ts';

const skills = skillFolder(new URL('skills/', import.meta.url));

await run(createServer({ name: 'everything', version: '1.0.0', surface, skills, setup: () => new Everything() }));
