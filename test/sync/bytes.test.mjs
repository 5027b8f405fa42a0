/**
 * The bytes of canonical rounds, as they are before compression, so that they can only fall. Whoever makes one smaller lowers its number here; a change
 * that makes one larger has to say why.
 */
import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { must } from '../support/users.mjs';
import { openStage } from './stage.mjs';

const stage = await openStage();
const ada = await stage.person('ada');
let device, plan;

before(async () => {
  device = await stage.device(ada);
  for (let i = 0; i < 5; ++i) plan = await stage.plan(ada, ['One', 'Two']);
  await device.ok('sync');
  await device.ok('sync');
});
beforeEach(() => stage.proxy.calm());

/** What went through since, by function: [requests, bytes up, bytes down]. */
function traffic() {
  const found = {};
  for (const { path, received, sent } of stage.proxy.requests) {
    const all = (found[path.replace(/.*\/(convoy_)?/, '').replace(/\?.*/, '')] ??= [0, 0, 0]);
    all[0] += 1;
    all[1] += received;
    all[2] += sent;
  }
  return found;
}

/** Fails if a function took more than `most` = {function: [requests, bytes up, bytes down]}, or another was called. */
function assertAtMost(most) {
  const found = traffic();
  assert.deepEqual(Object.keys(found).sort(), Object.keys(most).sort(), JSON.stringify(found));
  for (const [name, limits] of Object.entries(most)) {
    limits.forEach((limit, i) => assert.ok(found[name][i] <= limit, `${name}: ${found[name]} > ${limits}`));
  }
}

test('nothing new: one request of less than 300 bytes each way, in six scopes', async () => {
  await device.ok('sync');
  assert.ok((await device.json('status')).scopes.length >= 6);
  assertAtMost({ pull: [1, 240, 205] });
});

test('a changed column goes up alone, and comes back with its row', async () => {
  await device.json('task', 'update', plan.tasks[0], '--title', 'New');
  await device.ok('sync');
  assertAtMost({ push: [1, 490, 185], pull: [1, 240, 610] });
});

test('a row that somebody else changed comes down alone', async () => {
  must(await ada.client.from('tasks').update({ title: 'Theirs' }).eq('id', plan.tasks[1]));
  stage.proxy.calm();
  await device.ok('sync');
  assertAtMost({ pull: [1, 240, 620] });
});

test('a deleted row comes down as its id', async () => {
  must(await ada.client.from('tasks').delete().eq('id', plan.tasks[1]));
  stage.proxy.calm();
  await device.ok('sync');
  assertAtMost({ pull: [1, 240, 470] });
});

test('a hundred rows name their columns once', async () => {
  const rows = Array.from({ length: 100 }, (_, i) => ({ milestone_id: plan.milestone, title: `Task ${i}` }));
  must(await ada.client.from('tasks').insert(rows));
  stage.proxy.calm();
  await device.ok('sync');
  assertAtMost({ pull: [1, 240, 19_600] });
});

test('another scope is named once, when it comes', async () => {
  await stage.plan(ada, []);
  stage.proxy.calm();
  await device.ok('sync');
  const { pull, backfill } = traffic();
  assert.equal(pull[0], 3, 'brief, named, and after the back-fill');
  assert.equal(backfill[0], 1);
});
