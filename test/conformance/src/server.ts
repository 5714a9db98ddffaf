import { run } from '@mortise/toolkit';

import { fixture } from './fixture.ts';

await run(fixture);
