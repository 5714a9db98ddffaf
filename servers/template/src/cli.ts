#!/usr/bin/env node
import { run } from '@mortise/toolkit';

import server from './server.ts';

await run(server);
