/** A first sync of a large workspace: bounded memory, resumable, shown as it goes. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { newDevice, program } from '../support/convoy.mjs';
import { assertAgrees, openStage } from './stage.mjs';

const stage = await openStage();
const ada = await stage.person('ada');

let pagesOfAll;

/** Adds `count` tasks with descriptions of 200 characters to a new plan of Ada's. */
async function fill(count) {
  const plan = await stage.plan(ada);
  const sql = postgres(stage.database, { max: 1 });
  await sql`insert into public.tasks (milestone_id, title, description)
            select ${plan.milestone}, 'Task ' || n, repeat(md5(n::text), 6) from generate_series(1, ${count}) n`;
  await sql.end();
  return plan;
}

/** Runs a sync; the most memory it ever held, in KiB, by the kernel's accounting. */
async function peakOfSync(device) {
  const script = 'import os, resource, subprocess, sys\n'
    + 'code = subprocess.call(sys.argv[1:])\n'
    + 'print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\nsys.exit(code)';
  const { stdout } = await promisify(execFile)('python3', ['-c', script, program, 'sync', '--quiet'],
    // A sanitized build would keep freed memory aside by the hundred megabytes.
    { env: { ...process.env, CONVOY_HOME: device.home, ASAN_OPTIONS: 'quarantine_size_mb=1' } });
  return Number(stdout.trim().split('\n').at(-1));
}

test('10,000 tasks back-fill in pages, with memory that does not grow with their number', async () => {
  await fill(2_000);
  const small = await stage.device(ada, 'small');
  const peakSmall = await peakOfSync(small);
  await fill(10_000);
  const large = await stage.device(ada, 'large');
  stage.proxy.calm();
  const peakLarge = await peakOfSync(large);

  await assertAgrees(large, ada);
  pagesOfAll = stage.proxy.count('/rpc/convoy_backfill');
  assert.ok(pagesOfAll >= 12, 'in pages');
  // Six times the rows, the same pages: what may grow is the allocator's slack, not the data.
  assert.ok(peakLarge < peakSmall * 1.35, `${peakSmall} KiB for 2,000 tasks, ${peakLarge} KiB for 12,000`);
});

test('a back-fill that is killed goes on where it was', async () => {
  const device = newDevice('killed');
  await device.join(stage, ada);
  let pages = 0, running;
  stage.proxy.calm();
  stage.proxy.always('/rpc/convoy_backfill', async (exchange) => {
    await exchange.forward();
    if (++pages === 4) await running.kill();
  });
  running = device.start('sync');
  await running.ended;
  const partly = await device.json('status');
  assert.ok(partly.rows > 0, 'readable as it arrives');

  stage.proxy.calm();
  await device.ok('sync');
  await assertAgrees(device, ada);
  const rest = stage.proxy.count('/rpc/convoy_backfill');
  assert.equal(pages + rest, pagesOfAll + 1, 'only the page it was killed in travels twice');
});
