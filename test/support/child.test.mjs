import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startChild } from './child.mjs';
import { temporaryDirectory } from './temporary.mjs';
import { until } from './wait.mjs';

const home = temporaryDirectory('child');
const lives = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };

test('hands on output and exit code', async () => {
  const child = startChild(['sh', '-c', 'echo said; exit 7'], { log: join(home, 'said') });
  assert.equal(await child.exited, 7);
  assert.equal(child.log(), 'said\n');
  assert.equal(child.running(), false);
});

test('a child can be sent signals', async () => {
  const child = startChild([process.execPath, '-e',
    `process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1e6); console.log('ready')`],
  { log: join(home, 'signals') });
  await until(() => child.log().includes('ready'));
  assert.equal(await child.signal('TERM'), 5);
});

test('a child ends when its parent is killed', async () => {
  const log = join(home, 'orphan');
  const parent = spawn(process.execPath, ['--input-type=module', '-e', `
    import { startChild } from ${JSON.stringify(new URL('child.mjs', import.meta.url).href)};
    startChild(['sh', '-c', 'echo $$; exec tail -f /dev/null'], { log: ${JSON.stringify(log)} });`],
  { stdio: 'ignore' });
  const pid = await until(() => Number(readFileSync(log, 'utf8')));
  assert.ok(lives(pid));
  parent.kill('SIGKILL');
  await until(() => !lives(pid), { what: 'the child has ended' });
});
