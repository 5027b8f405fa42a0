/** A server whose tables change under devices: only the tables that do not fit stop, and nothing that waits is lost. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import postgres from 'postgres';
import { must } from '../support/users.mjs';
import { assertAgrees, openStage, taskOf } from './stage.mjs';

const stage = await openStage();
const ada = await stage.person('ada');
const owner = postgres(stage.database, { max: 1 });
after(() => owner.end());

test('a column that is renamed on the server stops its table alone; once it is back, all goes on', async () => {
  const device = await stage.device(ada);
  const plan = await stage.plan(ada, ['One', 'Two']);
  await device.ok('sync');

  await owner.unsafe('alter table public.tasks rename column title to heading');
  const mine = await device.json('task', 'update', plan.tasks[0], '--title', 'Mine');
  const milestone = await device.json('milestone', 'create', '--project', plan.project, '--name', 'Second act');
  // The write is refused before the device learns of the change, or waits after it.
  await device.run('sync');
  const created = await device.json('task', 'create', '--milestone', plan.milestone, '--title', 'Made meanwhile');
  await device.run('sync');

  const status = await device.json('status');
  assert.deepEqual(status.stopped, [{ name: 'tasks', problem: 'the server has no column "title"' }]);
  assert.match(await device.ok('status'), /^Stopped +tasks: the server has no column "title"$/m);
  assert.equal(must(await ada.client.from('milestones').select('id').eq('id', milestone.id)).length, 1, 'other tables go on');
  assert.equal(must(await ada.client.from('tasks').select('id').eq('id', created.id)).length, 0);
  assert.equal((await taskOf(device, plan.tasks[1])).title, 'Two', 'rows stay');
  const recoveries = (await device.json('log')).flatMap((entry) => entry.recoveries);
  assert.ok(recoveries.some(({ step, cause }) => step === 'stop_table' && cause.startsWith('tasks: ')), JSON.stringify(recoveries));

  await owner.unsafe('alter table public.tasks rename column heading to title');
  must(await ada.client.from('tasks').update({ title: 'Theirs' }).eq('id', plan.tasks[1]));
  await device.run('sync');
  await device.ok('sync');
  assert.deepEqual((await device.json('status')).stopped, []);
  assert.equal((await device.json('status')).pending, 0);
  assert.equal((await device.json('status')).parked, 0);
  await assertAgrees(device, ada);
  assert.equal((await taskOf(device, mine.id)).title, 'Mine');
  assert.equal((await taskOf(device, created.id)).title, 'Made meanwhile');
  assert.equal((await taskOf(device, plan.tasks[1])).title, 'Theirs');
});

test('a column that the server has beyond ours changes nothing here', async () => {
  const device = await stage.device(ada);
  await device.ok('sync');
  const plan = await stage.plan(ada, ['Three']);
  await owner.unsafe('alter table public.tasks add column estimate integer');
  try {
    await device.ok('sync');
    assert.deepEqual((await device.json('status')).stopped, []);
    assert.equal((await taskOf(device, plan.tasks[0])).title, 'Three');
  } finally {
    await owner.unsafe('alter table public.tasks drop column estimate');
  }
});
