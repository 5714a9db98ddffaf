// Mortise with all of its defaults.
import { run } from '@mortise/toolkit';

import { benchServer } from './bench-server.mjs';

await run(benchServer());
