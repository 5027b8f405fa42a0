/** `convoy verify`: what is here is compared with what the server shows, and only what differs is fetched. */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import Database from 'better-sqlite3';
import postgres from 'postgres';
import { assertAgrees, openStage } from './stage.mjs';

const stage = await openStage();
const ada = await stage.person('ada');
const owner = postgres(stage.database, { max: 1 });
after(() => owner.end());
let device, plan;

beforeEach(async () => {
  stage.proxy.calm();
  device = await stage.device(ada);
  plan = await stage.plan(ada, ['One', 'Two', 'Three']);
  await device.ok('sync');
});

test('a device that holds what the server shows', async () => {
  const report = await device.json('verify');
  assert.deepEqual(report.differences, []);
  assert.deepEqual(report.tables_left_out, []);
  assert.equal(report.scopes_skipped, 0);
  assert.equal(report.rows, (await device.json('status')).rows);
  const { verification } = await device.json('status');
  assert.equal(verification.rows, report.rows);
  assert.equal(verification.repaired, 0);
  assert.match(await device.ok('verify'), /^All the same as on the server: \d+ rows in \d+ parts /);
  assert.match(await device.ok('status'), /^Verified +just now/m);
});

test('rows that are damaged, missing or too many are repaired; what waits stays', async () => {
  const mine = await device.json('task', 'create', '--milestone', plan.milestone, '--title', 'Not sent yet');
  const file = new Database((await device.json('status')).database_path);
  file.exec(`delete from convoy_row where id = '${plan.tasks[0]}'; delete from tasks where id = '${plan.tasks[0]}'`);
  file.exec(`update tasks set title = 'Damaged' where id = '${plan.tasks[1]}'; delete from convoy_foreign`);
  file.exec(`insert into tasks (id, _status, _changed, milestone_id, title) values ('${crypto.randomUUID()}', 'synced', '', '${plan.milestone}', 'Of nobody');
             insert into convoy_row (table_number, id, scope, generation)
               select r.table_number, t.id, r.scope, r.generation from tasks t, convoy_row r where t.title = 'Of nobody' and r.id = '${plan.tasks[2]}';
             delete from convoy_foreign`);
  file.close();
  stage.proxy.always('/rpc/convoy_push', async (exchange) => exchange.cut());
  assert.equal((await device.run('verify')).code, 4, 'a sync comes first');
  stage.proxy.calm();

  const report = await device.json('verify');
  assert.deepEqual(report.differences.map(({ table, repaired }) => [table, repaired]), [['tasks', true]]);
  assert.ok(report.differences[0].rows_repaired >= 3, JSON.stringify(report));
  await assertAgrees(device, ada);
  assert.equal((await device.json('task', 'list')).find(({ id }) => id === mine.id)._status, 'synced');
  const [entry] = await device.json('log');
  assert.equal(entry.cause, 'verify');
  assert.equal(entry.recoveries[0].step, 'repair');
  assert.match(await device.ok('log'), /verify/);
  assert.deepEqual((await device.json('verify')).differences, []);
});

test('rows that a policy hides since, without a word to the log, go', async () => {
  await owner.unsafe(`create policy not_two on public.tasks as restrictive for select using (title <> 'Two')`);
  try {
    await device.ok('sync');
    assert.ok((await device.json('task', 'list')).some(({ title }) => title === 'Two'));
    const report = await device.json('verify');
    assert.equal(report.differences[0].rows_there, report.differences[0].rows_here - 1);
    await assertAgrees(device, ada);
  } finally {
    await owner.unsafe('drop policy not_two on public.tasks');
  }
});
