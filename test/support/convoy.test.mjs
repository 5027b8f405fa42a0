import assert from 'node:assert/strict';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from './temporary.mjs';
import { until } from './wait.mjs';

// A stand-in that says how it was called.
process.env.CONVOY_PROGRAM = join(temporaryDirectory('program'), 'convoy');
writeFileSync(process.env.CONVOY_PROGRAM, `#!/bin/sh
case $1 in
  echo) read -r line; printf '["%s", "%s", "%s"]' "$CONVOY_HOME" "$line" "$*" ;;
  fail) echo reason >&2; exit 3 ;;
  hang) echo started; exec tail -f /dev/null ;;
esac
`);
chmodSync(process.env.CONVOY_PROGRAM, 0o755);
const { newDevice } = await import('./convoy.mjs');

test('runs with its own home, hands in input, parses JSON', async () => {
  const device = newDevice("Ada's laptop");
  assert.deepEqual(await device.json('echo', 1, { input: 'secret\n' }), [device.home, 'secret', 'echo 1 --json']);
  device.remove();
  assert.ok(!existsSync(device.home));
});

test('a failure shows its exit code and what was said', async () => {
  const device = newDevice('phone');
  assert.equal((await device.run('fail')).code, 3);
  await assert.rejects(device.ok('fail'), (error) => error.code === 3 && /exit code 3\nreason/.test(error.message));
});

test('can be killed on its way', async () => {
  const running = newDevice('phone').start('hang');
  await until(() => running.output().includes('started'));
  assert.equal((await running.kill()).signal, 'SIGKILL');
});
