/** What a person can do with what waits to be sent, and with what the server refused. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { must } from '../support/users.mjs';
import { converge, openStage, taskOf } from './stage.mjs';

let plan;

const stage = await openStage();
const ada = await stage.person('ada');
const ben = await stage.person('ben');
const laptop = await stage.device(ada);
const tablet = await stage.device(ben);

beforeEach(async () => {
  plan = await stage.plan(ada, ['One', 'Two']);
  await stage.join(ada, plan.workspace, ben);
  await converge([laptop, ada], [tablet, ben]);
  await stage.proxy.down();
});

const settle = () => converge([laptop, ada], [tablet, ben]);

async function comeBack() {
  await stage.proxy.up();
  await settle();
}

const parkedOf = async (device) => (await device.json('queue')).filter(({ state }) => state === 'parked');

/** Ben makes a milestone with a task in a project that Ada deletes meanwhile. */
async function orphans() {
  await laptop.ok('project', 'delete', plan.project, '--yes');
  const milestone = await tablet.json('milestone', 'create', '--project', plan.project, '--name', 'Second act');
  const task = await tablet.json('task', 'create', '--milestone', milestone.id, '--title', 'Rehearse');
  await comeBack();
  return { milestone, task };
}

test('edits of one row that follow each other are sent as one', async () => {
  for (const title of ['a', 'b', 'c']) await laptop.ok('task', 'update', plan.tasks[0], '--title', title);
  await stage.proxy.up();
  assert.equal((await laptop.json('sync')).mutations_sent, 1);
  await converge([laptop, ada], [tablet, ben]);
  assert.equal((await taskOf(tablet, plan.tasks[0])).title, 'c');
});

test('the life of one change can be followed from its commit to its confirmation', async () => {
  await laptop.ok('task', 'update', plan.tasks[0], '--title', 'Followed');
  const [{ number }] = await laptop.json('queue');
  const waits = await laptop.json('log', '--write', number);
  assert.equal(waits.state, 'pending');
  assert.deepEqual([waits.sent_at, waits.answered_at, waits.left_at], [null, null, null]);
  assert.match(await laptop.ok('log', '--write', number), /Now +waits to be sent/);
  await comeBack();
  const done = await laptop.json('log', '--write', number);
  assert.equal(done.state, 'confirmed');
  assert.equal(done.outcome, 'applied');
  assert.ok(done.written_at <= done.sent_at && done.sent_at <= done.answered_at && done.answered_at <= done.left_at, JSON.stringify(done));
  assert.deepEqual(done.operations.map(({ op, table, id }) => [op, table, id]), [['update', 'tasks', plan.tasks[0]]]);
  assert.match(await laptop.ok('log', '--write', number), /Written[^]*Sent[^]*Answered[^]*Confirmed/);
  assert.equal((await laptop.run('log', '--write', 99999)).code, 3);
});

test('an unsent edit can be undone, and the one before it stays', async () => {
  await laptop.ok('task', 'update', plan.tasks[0], '--title', 'Good');
  await laptop.ok('task', 'update', plan.tasks[0], '--title', 'Bad');
  await laptop.ok('queue', 'undo');
  assert.equal((await taskOf(laptop, plan.tasks[0])).title, 'Good');
  await comeBack();
  assert.equal((await taskOf(tablet, plan.tasks[0])).title, 'Good');
});

test('what needs a refused record is parked with it, and discarded with it', async () => {
  const { task } = await orphans();
  const [parent, child] = await parkedOf(tablet);
  assert.equal(child.depends_on, parent.number);
  assert.deepEqual(parent.dependents, [child.number]);
  assert.deepEqual(await tablet.json('queue', 'discard', String(parent.number), '--dry-run'),
    { would_discard: [parent.number, child.number] });
  assert.deepEqual(await tablet.json('queue', 'discard', String(parent.number), '--yes'),
    { discarded: [parent.number, child.number] });
  assert.equal(await taskOf(tablet, task.id), undefined);
  assert.equal((await parkedOf(tablet)).length, 0);
});

test('a refused change goes through once it is put right, with all that needs it', async () => {
  const { milestone, task } = await orphans();
  const [parent] = await parkedOf(tablet);
  const other = must(await ada.client.from('projects').insert({ workspace_id: plan.workspace, name: 'Play on' }).select().single()).id;
  await tablet.ok('sync');
  await tablet.ok('queue', 'edit', String(parent.number), '--set', `project_id=${other}`);
  await settle();
  assert.equal((await parkedOf(tablet)).length, 0);
  assert.equal((await taskOf(laptop, task.id)).milestone_id, milestone.id);
});

test('retrying what is still wrong parks it again, and nothing waits for it', async () => {
  await orphans();
  const [parent, child] = await parkedOf(tablet);
  assert.deepEqual(await tablet.json('queue', 'retry', String(parent.number)), { retried: [parent.number, child.number] });
  const made = await tablet.json('workspace', 'create', '--name', 'Elsewhere');
  await settle();
  assert.equal((await parkedOf(tablet)).length, 2);
  assert.equal((await tablet.json('workspace', 'show', made.id))._status, 'synced');
  await tablet.ok('queue', 'discard', String(parent.number), '--yes');
});
