import { createServer, run } from '@mortise/toolkit';

import { fixture } from './fixture.ts';

// whoever asks cannot tell that another server stands around it
await run(createServer({ name: 'around', version: '1.0.0' }).mount('', fixture));
