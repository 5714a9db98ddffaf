// Mortise with what an operator puts before the calls: an audit record, a rate limit, a scope.
import { run } from '@mortise/toolkit';
import { audit } from '@mortise/toolkit/middleware/audit';
import { rateLimit } from '@mortise/toolkit/middleware/rate-limit';

import { benchServer } from './bench-server.mjs';

const records = [];
const sink = { write: (record) => void (records[0] = JSON.stringify(record)) };
const guards = [audit({ sink }), rateLimit({ limit: { calls: 1e9, seconds: 60 } })];

await run(benchServer(guards, { scopes: ['bench'] }));
