/** What goes wrong once a year: copied files, restored servers, tombstones that are gone. No state needs a new installation. */
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { after, beforeEach, test } from 'node:test';
import postgres from 'postgres';
import { newDevice } from '../support/convoy.mjs';
import { cutRequest } from '../support/proxy.mjs';
import { temporaryDirectory } from '../support/temporary.mjs';
import { must } from '../support/users.mjs';
import { converge, openStage, taskOf } from './stage.mjs';

const stage = await openStage();
const ada = await stage.person('ada');
const owner = postgres(stage.database, { max: 1 });
after(() => owner.end());
let device, plan;

beforeEach(async () => {
  stage.proxy.calm();
  device = await stage.device(ada);
  plan = await stage.plan(ada, ['One', 'Two']);
  await device.ok('sync');
});

const create = (on, title) => on.json('task', 'create', '--milestone', plan.milestone, '--title', title);
const countOf = async (title) => must(await ada.client.from('tasks').select('id').eq('title', title)).length;

test('a copied device file: what either copy writes arrives, once', async () => {
  await create(device, 'Before the copy');
  const home = temporaryDirectory('copy');
  cpSync(device.home, home, { recursive: true });
  const copy = newDevice('copy', { home });
  await create(device, 'By the original');
  await create(copy, 'By the copy');
  await create(copy, 'By the copy too');
  await converge([device, ada], [copy, ada]);
  for (const title of ['Before the copy', 'By the original', 'By the copy', 'By the copy too']) {
    assert.equal(await countOf(title), 1, title);
  }
  assert.equal((await copy.json('status')).pending, 0);
});

test('a restored server: the device keeps its writes and drops what is not there any more', async () => {
  const mine = await create(device, 'Pending through the restore');
  must(await ada.client.from('tasks').delete().eq('id', plan.tasks[0]));
  await owner`select convoy.after_restore()`;
  await converge([device, ada]);
  assert.equal(await taskOf(device, plan.tasks[0]), undefined);
  assert.equal((await taskOf(device, mine.id))._status, 'synced');
});

test('a restored server that lost what it had taken gets it again', async () => {
  const mine = await create(device, 'Taken and lost');
  stage.proxy.always('/rpc/convoy_pull', cutRequest());
  await device.run('sync');
  assert.equal(await countOf('Taken and lost'), 1);
  stage.proxy.calm();
  // As a backup from before the push would have it.
  await owner`delete from public.tasks where id = ${mine.id}`;
  await owner`delete from convoy.log where pk = ${mine.id}`;
  await owner`delete from convoy.client`;
  await owner`select convoy.after_restore()`;
  await converge([device, ada]);
  assert.equal(await countOf('Taken and lost'), 1);
});

test('a device that was away for longer than tombstones are kept', async () => {
  must(await ada.client.from('tasks').delete().eq('id', plan.tasks[0]));
  await owner`select convoy.gc('0 seconds')`;
  const mine = await create(device, 'Written while away');
  await converge([device, ada]);
  assert.equal(await taskOf(device, plan.tasks[0]), undefined);
  assert.equal(await countOf('Written while away'), 1);
  assert.equal((await taskOf(device, mine.id))._status, 'synced');
});

test('a policy that changed is looked at again', async () => {
  await owner`select convoy.bump_policy()`;
  await converge([device, ada]);
  assert.equal((await taskOf(device, plan.tasks[0])).title, 'One');
});
