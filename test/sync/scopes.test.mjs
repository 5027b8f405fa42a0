/** Who sees what: membership gained, lost, changed, and never had. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { deviceRows } from '../support/proof.mjs';
import { must } from '../support/users.mjs';
import { assertAgrees, converge, openStage, taskOf } from './stage.mjs';

let ben, laptop, tablet, plan;

const stage = await openStage();
const ada = await stage.person('ada');

beforeEach(async () => {
  ben = await stage.person('ben');
  laptop = await stage.device(ada);
  tablet = await stage.device(ben);
  plan = await stage.plan(ada, ['One', 'Two']);
});

test('without membership a user receives nothing and cannot write', async () => {
  await converge([laptop, ada], [tablet, ben]);
  assert.equal(deviceRows(tablet, ['tasks']).tasks.length, 0);
  assert.equal(deviceRows(tablet, ['workspaces']).workspaces.length, 0);

  const refused = await ben.client.from('tasks').insert({ milestone_id: plan.milestone, title: 'Intruder' });
  assert.ok(refused.error);
  const body = JSON.stringify({ ops: [{ op: 'insert', table: 'tasks', id: crypto.randomUUID(), values: { milestone_id: plan.milestone, title: 'Intruder' } },
  ] });
  const edit = JSON.stringify({ ops: [{ op: 'update', table: 'tasks', id: plan.tasks[0], values: { title: 'Intruder' }, base: { title: 'One' } }] });
  const pushed = must(await ben.client.rpc('convoy_push', { req: { protocol: 1, client: crypto.randomUUID(),
    mutations: [{ mid: 1, uid: crypto.randomUUID(), body }, { mid: 2, uid: crypto.randomUUID(), body: edit }] } }));
  assert.deepEqual(pushed.outcomes.map(({ status }) => status), ['rejected', 'rejected']);
  assert.equal(must(await ada.client.from('tasks').select('id').eq('title', 'Intruder')).length, 0);
});

test('a membership gained brings everything, one lost takes it away', async () => {
  await tablet.ok('sync');
  await stage.join(ada, plan.workspace, ben);
  await converge([tablet, ben]);
  assert.equal((await taskOf(tablet, plan.tasks[0])).title, 'One');

  await stage.leave(ada, plan.workspace, ben);
  await tablet.ok('sync');
  await assertAgrees(tablet, ben);
  assert.equal(deviceRows(tablet, ['tasks']).tasks.length, 0);
});

test('a write into a scope that was lost meanwhile is parked, not dropped', async () => {
  await stage.join(ada, plan.workspace, ben);
  await tablet.ok('sync');
  await stage.leave(ada, plan.workspace, ben);
  await tablet.ok('task', 'update', plan.tasks[0], '--title', 'Still mine?');
  await converge([tablet, ben]);
  const parked = await tablet.json('queue');
  assert.equal(parked.length, 1);
  assert.equal(parked[0].state, 'parked');
  assert.equal(parked[0].operations[0].values.title, 'Still mine?');
  assert.equal(must(await ada.client.from('tasks').select('title').eq('id', plan.tasks[0]).single()).title, 'One');
});

const setRole = async (role) =>
  must(await ada.client.from('workspace_members').update({ role }).match({ workspace_id: plan.workspace, user_id: ben.id }));

test('a viewer reads and is refused when writing, also one who does not know yet', async () => {
  await stage.join(ada, plan.workspace, ben);
  await tablet.ok('sync');
  await setRole('viewer');
  await tablet.ok('task', 'update', plan.tasks[0], '--title', 'Viewed');
  await converge([tablet, ben]);
  assert.equal((await taskOf(tablet, plan.tasks[0])).title, 'One', 'the row falls back');
  assert.equal((await tablet.json('queue'))[0].state, 'parked');
});

test('a change of role is noticed and changes what may be written', async () => {
  await stage.join(ada, plan.workspace, ben, 'viewer');
  await tablet.ok('sync');
  assert.equal((await tablet.run('task', 'update', plan.tasks[0], '--title', 'Too early')).code, 6);
  await setRole('member');
  await tablet.ok('sync');
  await tablet.ok('task', 'update', plan.tasks[0], '--title', 'Now allowed');
  await converge([laptop, ada], [tablet, ben]);
  assert.equal((await taskOf(laptop, plan.tasks[0])).title, 'Now allowed');
});

test('a workspace made offline arrives with all in it, and its maker owns it', async () => {
  await laptop.ok('sync');
  const workspace = await laptop.json('workspace', 'create', '--name', 'Made offline');
  const project = await laptop.json('project', 'create', '--workspace', workspace.id, '--name', 'P');
  const milestone = await laptop.json('milestone', 'create', '--project', project.id, '--name', 'M');
  const task = await laptop.json('task', 'create', '--milestone', milestone.id, '--title', 'T');
  await laptop.ok('sync');
  assert.equal((await taskOf(laptop, task.id))._status, 'synced');
  await converge([laptop, ada]);
  const role = must(await ada.client.from('workspace_members').select('role').eq('workspace_id', workspace.id).single()).role;
  assert.equal(role, 'owner');
});

test('a device that writes before it ever synced', async () => {
  const workspace = await tablet.json('workspace', 'create', '--name', 'Before the first sync');
  await tablet.ok('project', 'create', '--workspace', workspace.id, '--name', 'P');
  await converge([tablet, ben]);
  assert.equal(must(await ben.client.from('projects').select('name').eq('workspace_id', workspace.id).single()).name, 'P');
});

test('a project that moves to another workspace takes its tasks along', async () => {
  await stage.join(ada, plan.workspace, ben);
  const hidden = await stage.plan(ada, []);
  await converge([laptop, ada], [tablet, ben]);
  must(await ada.client.from('projects').update({ workspace_id: hidden.workspace }).eq('id', plan.project));
  await converge([laptop, ada], [tablet, ben]);
  assert.equal(await taskOf(tablet, plan.tasks[0]), undefined);
  assert.ok(await taskOf(laptop, plan.tasks[0]));
});
