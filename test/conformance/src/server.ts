import { createServer, run } from '@mortise/toolkit';

import { Everything } from './everything.ts';
import { surface } from './surface.gen.ts';

await run(createServer({ name: 'everything', version: '1.0.0', surface, setup: () => new Everything() }));
