/** Two devices edit offline and agree: what each kind of meeting comes to. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { must } from '../support/users.mjs';
import { assertAgrees, converge, openStage, taskOf } from './stage.mjs';

let plan;

const stage = await openStage();
const ada = await stage.person('ada');
const ben = await stage.person('ben');
const laptop = await stage.device(ada);
const tablet = await stage.device(ben);

beforeEach(async () => {
  plan = await stage.plan(ada, ['One', 'Two', 'Three']);
  await stage.join(ada, plan.workspace, ben);
  await converge([laptop, ada], [tablet, ben]);
  await stage.proxy.down();
});

async function comeBack() {
  await stage.proxy.up();
  await converge([laptop, ada], [tablet, ben]);
}

test('different columns of one task both survive', async () => {
  const [id] = plan.tasks;
  await laptop.ok('task', 'update', id, '--title', 'Renamed');
  await tablet.ok('task', 'update', id, '--status', 'IN_PROGRESS');
  await comeBack();
  for (const device of [laptop, tablet]) {
    const task = await taskOf(device, id);
    assert.equal(task.title, 'Renamed');
    assert.equal(task.status, 'IN_PROGRESS');
    assert.equal(task._status, 'synced');
  }
});

test('the same column of one task: the first to arrive stays, the other is told with both values', async () => {
  const [, id] = plan.tasks;
  await laptop.ok('task', 'update', id, '--title', "Ada's");
  await tablet.ok('task', 'update', id, '--title', "Ben's");
  await comeBack();
  for (const device of [laptop, tablet]) assert.equal((await taskOf(device, id)).title, "Ada's");
  assert.equal((await laptop.json('conflicts')).filter((entry) => entry.id === id).length, 0);
  const [conflict] = (await tablet.json('conflicts')).filter((entry) => entry.id === id);
  const { table, column, base, client, server, kept } = conflict;
  assert.deepEqual({ table, column, base, client, server, kept },
    { table: 'tasks', column: 'title', base: 'Two', client: "Ben's", server: "Ada's", kept: 'server' });
});

test('a creation with a child arrives whole', async () => {
  const parent = await laptop.json('task', 'create', '--milestone', plan.milestone, '--title', 'Parent');
  const child = await laptop.json('task', 'create', '--milestone', plan.milestone, '--title', 'Child', '--parent', parent.id);
  await comeBack();
  assert.equal((await taskOf(tablet, child.id)).parent_task_id, parent.id);
});

test('a deletion goes to the other device', async () => {
  await tablet.ok('task', 'delete', plan.tasks[2], '--yes');
  await comeBack();
  assert.equal(await taskOf(laptop, plan.tasks[2]), undefined);
});

test('an edit of what the other deleted is parked, and nothing waits for it', async () => {
  const [id, other] = plan.tasks;
  await laptop.ok('task', 'delete', id, '--yes');
  await tablet.ok('task', 'update', id, '--title', 'Too late');
  await tablet.ok('task', 'update', other, '--title', 'In time');
  await comeBack();
  assert.equal(await taskOf(tablet, id), undefined);
  assert.equal((await taskOf(laptop, other)).title, 'In time');
  const parked = (await tablet.json('queue')).filter((entry) => entry.id === id);
  assert.equal(parked.length, 1);
  assert.equal(parked[0].state, 'parked');
  assert.equal(parked[0].code, 'CV004');
});

test('both delete the same task', async () => {
  const [id] = plan.tasks;
  await laptop.ok('task', 'delete', id, '--yes');
  await tablet.ok('task', 'delete', id, '--yes');
  await comeBack();
  assert.equal(await taskOf(laptop, id), undefined);
});

test('a deleted project takes its descendants along, on both devices', async () => {
  await laptop.ok('project', 'delete', plan.project, '--yes');
  assert.equal((await laptop.json('task', 'list', '--milestone', plan.milestone)).length, 0, 'at once, here');
  await comeBack();
  assert.equal(await taskOf(tablet, plan.tasks[0]), undefined);
});

test('a child made under a parent that the other deleted is parked', async () => {
  await laptop.ok('milestone', 'delete', plan.milestone, '--yes');
  const task = await tablet.json('task', 'create', '--milestone', plan.milestone, '--title', 'Orphan');
  await comeBack();
  assert.equal(await taskOf(tablet, task.id), undefined);
  const parked = (await tablet.json('queue')).filter(({ operations }) => operations.some(({ id }) => id === task.id));
  assert.equal(parked.length, 1);
  assert.equal(parked[0].state, 'parked');
});

test('several edits of one row before a sync make no conflict with each other', async () => {
  const [id] = plan.tasks;
  const before = (await laptop.json('conflicts')).length;
  for (const title of ['a', 'b', 'c']) await laptop.ok('task', 'update', id, '--title', title);
  await comeBack();
  assert.equal((await taskOf(tablet, id)).title, 'c');
  assert.equal((await laptop.json('conflicts')).length, before);
});

test('many writes go out in several batches and all arrive', async () => {
  for (let i = 0; i < 12; ++i) {
    await laptop.ok('task', 'create', '--milestone', plan.milestone, '--title', `Task ${i} — ünïcödé 🚃 "quoted" \\ back`);
  }
  await comeBack();
  assert.equal((await tablet.json('task', 'list', '--milestone', plan.milestone, '--limit', '100')).length, 15);
});

test('an edit that becomes equal to the server again is no conflict', async () => {
  const [id] = plan.tasks;
  await laptop.ok('task', 'update', id, '--title', 'Same');
  await tablet.ok('task', 'update', id, '--title', 'Same');
  const before = (await tablet.json('conflicts')).length;
  await comeBack();
  assert.equal((await tablet.json('conflicts')).length, before);
});

test('supabase-js writes on the same server reach both devices', async () => {
  await stage.proxy.up();
  const [id, gone] = plan.tasks;
  must(await ada.client.from('tasks').update({ title: 'By supabase-js' }).eq('id', id));
  must(await ben.client.from('tasks').delete().eq('id', gone));
  const made = must(await ben.client.from('tasks').insert({ milestone_id: plan.milestone, title: 'Also made' }).select().single());
  await converge([laptop, ada], [tablet, ben]);
  for (const device of [laptop, tablet]) {
    assert.equal((await taskOf(device, id)).title, 'By supabase-js');
    assert.equal(await taskOf(device, gone), undefined);
    assert.equal((await taskOf(device, made.id)).title, 'Also made');
  }
});

test('an idle sync is one small request', async () => {
  await stage.proxy.up();
  await laptop.ok('sync');
  stage.proxy.calm();
  await laptop.ok('sync');
  const rpcs = stage.proxy.requests.filter(({ path }) => path.includes('/rpc/'));
  assert.equal(rpcs.length, 1);
  assert.ok(rpcs[0].received + rpcs[0].sent < 2000, `${rpcs[0].received} bytes up, ${rpcs[0].sent} down`);
  await assertAgrees(laptop, ada);
});
