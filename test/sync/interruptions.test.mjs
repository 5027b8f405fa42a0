/** Whatever is cut off, wherever: both sides come to agree, each write arrives once, and none is lost. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import postgres from 'postgres';
import { beforeForward, cutReply, cutRequest, truncateReply } from '../support/proxy.mjs';
import { must } from '../support/users.mjs';
import { until } from '../support/wait.mjs';
import { converge, openStage, taskOf } from './stage.mjs';

const OFFLINE = 4;
let device, plan;

const stage = await openStage();
const ada = await stage.person('ada');

beforeEach(async () => {
  stage.proxy.calm();
  device = await stage.device(ada);
  plan = await stage.plan(ada, ['One', 'Two']);
});

/** The number of tasks with this title on the server. */
const countOf = async (title) => must(await ada.client.from('tasks').select('id').eq('title', title)).length;

for (const [what, fault] of [
  ['never arrives', cutRequest],
  ['is carried out but its reply is lost', cutReply],
  ['is carried out but its reply is truncated', truncateReply],
]) {
  for (const call of ['convoy_push', 'convoy_pull', 'convoy_backfill']) {
    test(`${call} ${what}`, async () => {
      if (call !== 'convoy_backfill') await device.ok('sync');
      const title = `${call} ${what}`;
      if (call !== 'convoy_backfill') await device.ok('task', 'create', '--milestone', plan.milestone, '--title', title);
      // Every time: a request that is lost on a connection used before is sent again at once, by HTTP's own rules.
      stage.proxy.always(`/rpc/${call}`, fault());
      const { code, errors } = await device.run('sync');
      assert.equal(code, OFFLINE, errors);
      stage.proxy.calm();
      await converge([device, ada]);
      if (call !== 'convoy_backfill') assert.equal(await countOf(title), 1);
    });
  }
}

for (const [when, fault] of [
  ['before the server has it', (kill) => beforeForward(kill)],
  ['after the server did it', (kill) => async (exchange) => { await exchange.forward(); await kill(); }],
]) {
  for (const call of ['convoy_push', 'convoy_pull', 'convoy_backfill']) {
    test(`kill -9 during ${call}, ${when}`, async () => {
      const title = `${call} ${when}`;
      if (call === 'convoy_push') {
        await device.ok('sync');
        await device.ok('task', 'create', '--milestone', plan.milestone, '--title', title);
        await device.ok('task', 'update', plan.tasks[0], '--title', `${title}!`);
      }
      let running;
      stage.proxy.next(`/rpc/${call}`, fault(() => running.kill()));
      running = device.start('sync');
      const { signal } = await running.ended;
      assert.equal(signal, 'SIGKILL');
      await converge([device, ada]);
      if (call === 'convoy_push') {
        assert.equal(await countOf(title), 1);
        assert.equal((await taskOf(device, plan.tasks[0])).title, `${title}!`);
        assert.equal((await device.json('conflicts')).length, 0);
      }
    });
  }
}

test('kill -9 at every request of a sync in turn', async () => {
  await device.ok('sync');
  for (let victim = 1; victim <= 6; ++victim) {
    await device.ok('task', 'create', '--milestone', plan.milestone, '--title', `Victim ${victim}`);
    const other = await stage.plan(ada, ['Elsewhere']);  // A scope to gain, so that there is a back-fill too.
    let seen = 0, running;
    stage.proxy.always('/rpc/', async (exchange) => {
      await exchange.forward();
      if (++seen === victim) await running.kill();
    });
    running = device.start('sync');
    await running.ended;
    stage.proxy.calm();
    await converge([device, ada]);
    assert.equal(await countOf(`Victim ${victim}`), 1);
    assert.ok(await taskOf(device, other.tasks[0]));
  }
});

test('Postgres dies in the middle of a push and comes back', async () => {
  await device.ok('sync');
  await device.ok('task', 'create', '--milestone', plan.milestone, '--title', 'Through the crash');
  const [blocker, observer] = [1, 2].map(() => postgres(stage.database, { max: 1, onclose: () => {} }));
  stage.proxy.next('/rpc/convoy_push', async (exchange) => {
    const locked = await blocker.reserve();
    await locked`begin`;
    await locked`lock table public.tasks in access exclusive mode`;
    const reply = exchange.forward().catch(() => exchange.cut());
    await until(async () => (await observer`select from pg_locks where not granted and relation = 'public.tasks'::regclass`).length > 0,
      { what: 'the push waits inside its transaction' });
    await stage.postgres.restart({ how: 'immediate' });
    await reply;
  });
  const { code, output, errors } = await device.run('sync');
  assert.notEqual(code, 0, output + errors);
  await stage.lite.restart(); // It does not survive the loss of its connections.
  await Promise.allSettled([blocker.end({ timeout: 1 }), observer.end({ timeout: 1 })]);
  await converge([device, ada]);
  assert.equal(await countOf('Through the crash'), 1);
});

test('the server restarts between two syncs', async () => {
  await device.ok('sync');
  await stage.lite.restart();
  await device.ok('task', 'update', plan.tasks[0], '--status', 'DONE');
  await converge([device, ada]);
  assert.equal((await taskOf(device, plan.tasks[0])).status, 'DONE');
});

test('two processes sync one home at once: one does it, or both, and nothing breaks', async () => {
  await device.ok('sync');
  for (let i = 0; i < 5; ++i) await device.ok('task', 'create', '--milestone', plan.milestone, '--title', `Shared ${i}`);
  const results = await Promise.all([device.run('sync'), device.run('sync'), device.run('task', 'list')]);
  assert.ok(results.slice(0, 2).some(({ code }) => code === 0), JSON.stringify(results));
  assert.equal(results[2].code, 0, results[2].errors);
  await converge([device, ada]);
  for (let i = 0; i < 5; ++i) assert.equal(await countOf(`Shared ${i}`), 1);
});
