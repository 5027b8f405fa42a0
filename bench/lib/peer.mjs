/** WatermelonDB as a contender, and why it can't be one, if so. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unavailable } from '../../test/support/watermelon.mjs';

const main = fileURLToPath(new URL('../peer/main.mjs', import.meta.url));

// All rows in one transaction are all rows in memory, where it is concerned.
export const peer = { unavailable, command: [process.execPath, '--max-old-space-size=8192', main] };
