/** The benchmark's contenders on a small workload: whoever is measured does the same work. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Contender } from '../../bench/lib/contender.mjs';
import { peer } from '../../bench/lib/peer.mjs';
import { temporaryDirectory } from '../support/temporary.mjs';

const preset = process.env.CONVOY_PRESET ?? 'dev';
const root = fileURLToPath(new URL('../..', import.meta.url));
const programs = join(root, `build/${preset}/bench`);
const skip = existsSync(join(programs, 'bench_floor')) ? false : `the preset ${preset} does not build the benchmark`;

test('all contenders give the answers of the floor, and a run reports them', { skip }, async () => {
  const output = join(temporaryDirectory('bench'), 'bench.json');
  const run = ['bench/run.mjs', '--quick', '--divisor', '100', '--programs', programs, '--output', output];
  const { stdout } = await promisify(execFile)(process.execPath, run, { cwd: root });
  assert.match(stdout, /Proving what was written/);
  const { results } = JSON.parse(readFileSync(output, 'utf8'));
  const contenders = ['floor', 'convoy', ...(peer.unavailable ? [] : ['watermelon'])];
  for (const result of results.filter(({ failure }) => failure === undefined)) {
    assert.deepEqual(Object.keys(result.contenders), contenders, result.name);
    assert.ok(result.contenders.floor.median > 0, result.name);
  }
  assert.ok(results.length > 8);
});

test('an unknown request ends a contender with an error that names it', { skip }, async () => {
  const contender = new Contender('floor', [join(programs, 'bench_floor'), temporaryDirectory('bench'), '100']);
  assert.deepEqual(await contender.ask('time nothing 0 1'), { missing: true });
  await assert.rejects(contender.ask('dance'), /floor ended at "dance"/);
  await contender.close();
});
