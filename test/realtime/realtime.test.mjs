/** Doorbells: two devices, and the official client beside them, on one Realtime. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import postgres from 'postgres';
import { openStage, taskOf } from '../sync/stage.mjs';
import { openRealtime } from '../support/realtime.mjs';
import { clientFor, must } from '../support/users.mjs';
import { until } from '../support/wait.mjs';

// A minute's token is renewed once a second or two are over: four fifths of its life, or all but a minute.
const realtime = openRealtime({ mayJoin: (topic, claims) => topic.startsWith('convoy:') && claims.role === 'authenticated' });
const stage = await openStage({ upgrade: realtime.upgrade, jwtLifetime: 62 });
const owner = postgres(stage.database, { max: 1 });
after(async () => { realtime.close(); await owner.end(); });
const ada = await stage.person('ada');
const ben = await stage.person('ben');
const plan = await stage.plan(ada, ['One']);
await stage.join(ada, plan.workspace, ben);
const laptop = await stage.device(ada);
const tablet = await stage.device(ben);
await laptop.ok('sync');
await tablet.ok('sync');
const topic = `convoy:${plan.workspace}`;
const everyScope = (await tablet.json('status')).scopes.map(({ id }) => `convoy:${id}`);

const started = new Set();
after(() => Promise.all([...started].map((running) => running.kill()))); // Of tests that failed.

function watch(device, ...options) {
  const running = device.start('watch', '--json', ...options);
  started.add(running);
  return running;
}

// A device that syncs by itself until `end`.
function live(device, ...options) {
  const running = watch(device, ...options);
  const statuses = () => running.output().split('\n').filter(Boolean).map((line) => JSON.parse(line));
  return {
    latest: () => statuses().at(-1),
    statuses,
    async end() {
      const { code, errors } = await running.kill('SIGINT');
      assert.equal(code, 0, errors);
    },
  };
}

const log = (device) => device.json('log');
const isJoined = () => everyScope.every((name) => realtime.members(name).some(({ version }) => version === '1.0.0'));

// The last transaction that changed the workspace.
async function lastXid() {
  const rows = await owner`select xid::text from convoy.log where scope = ${plan.workspace} order by xid desc limit 1`;
  return rows[0].xid;
}

async function write(title) {
  await laptop.ok('sync'); // Or it would be a conflict with what the tablet wrote.
  await laptop.ok('task', 'update', plan.tasks[0], '--title', title);
  await laptop.ok('sync');
}

const has = (title) => async () => (await taskOf(tablet, plan.tasks[0])).title === title;

test('a doorbell brings what the other device wrote, without polling', async () => {
  const running = live(tablet);
  await until(() => isJoined() && running.latest()?.realtime === 'on', { what: 'the tablet joins' });
  await until(async () => (await log(tablet))[0].cause === 'reconnect', { what: 'it looks once more when it has joined' });
  await write('Rung');
  assert.ok(realtime.ring(plan.workspace, await lastXid()) >= 1);
  await until(has('Rung'), { what: 'the title arrives', within: 10_000 });
  assert.equal((await log(tablet))[0].cause, 'doorbell');
  await running.end();
});

test('a doorbell for what the cursor has seen rings for nothing', async () => {
  const running = live(tablet);
  await until(() => running.latest()?.realtime === 'on', { what: 'the tablet joins' });
  await until(async () => (await log(tablet))[0].cause === 'reconnect', { what: 'it looks once more' });
  const before = (await log(tablet)).length;
  realtime.ring(plan.workspace, await lastXid());
  await write('New');
  realtime.ring(plan.workspace, await lastXid());
  await until(has('New'), { what: 'the second one is followed' });
  assert.equal((await log(tablet)).length, Math.min(before + 1, 20));
  await running.end();
});

test('what a device writes is sent at once, and the doorbell of its own write is no news', async () => {
  const running = live(tablet);
  await until(() => running.latest()?.realtime === 'on', { what: 'the tablet joins' });
  await until(async () => (await log(tablet))[0].cause === 'reconnect', { what: 'it looks once more' });
  await tablet.ok('task', 'update', plan.tasks[0], '--title', 'Written here');
  await until(async () => must(await stage.admin.from('tasks').select('title').eq('id', plan.tasks[0]).single()).title === 'Written here',
    { what: 'the server has it' });
  await until(() => running.latest().pending === 0 && !running.latest().activity, { what: 'it is confirmed' });
  assert.equal((await log(tablet))[0].cause, 'commit');
  await running.end();
});

test('without a connection it polls, and joins again when there is one', async () => {
  const running = live(tablet, '--poll', '1');
  await until(() => running.latest()?.realtime === 'on', { what: 'the tablet joins' });
  realtime.refuse(404);
  realtime.cut();
  await until(() => running.latest().realtime === 'connecting', { what: 'it notices' });
  await write('Polled');
  await until(has('Polled'), { what: 'a poll brings it' });
  assert.equal(running.latest().connection, 'online');
  realtime.accept();
  await until(() => isJoined() && running.latest().realtime === 'on', { what: 'it joins again' });
  await running.end();
});

test('a channel whose token has run out is joined again', async () => {
  const running = live(tablet);
  await until(() => isJoined() && running.latest()?.realtime === 'on', { what: 'the tablet joins' });
  realtime.expire(topic);
  await until(() => running.latest().realtime === 'connecting', { what: 'it notices' });
  await until(() => isJoined() && running.latest().realtime === 'on', { what: 'it joins again' });
  await running.end();
});

test('two processes: one syncs, the other shows it, and takes over when it is killed', async () => {
  const first = watch(tablet);
  await until(() => first.output().includes('"connection":"online"'), { what: 'the first one syncs' });
  const second = live(tablet);
  await until(() => second.latest()?.connection === 'online', { what: 'the second one sees it' });
  const { syncing_process: holder } = second.latest();
  await first.kill('SIGKILL');
  await until(() => second.latest().connection === 'online' && second.latest().syncing_process !== holder
    && second.latest().syncing_process !== null, { what: 'it takes over' });
  await second.end();
});

test('the official client and ours join the same channel, hear the same, and renew their tokens', async () => {
  const official = clientFor({ url: stage.url, publishableKey: stage.publishableKey });
  must(await official.auth.signInWithPassword({ email: ada.email, password: ada.password }));
  await official.realtime.setAuth();
  const heard = [];
  const channel = official.channel(topic, { config: { private: true } })
    .on('broadcast', { event: 'changed' }, ({ payload }) => heard.push(payload.xid));
  await new Promise((resolve, reject) => channel.subscribe((status, error) => {
    if (status === 'SUBSCRIBED') resolve();
    if (status === 'CHANNEL_ERROR' || status === 'TIMED_OUT') reject(error ?? new Error(status));
  }));
  const running = live(tablet);
  await until(() => realtime.members(topic).length === 2, { what: 'both have joined' });
  assert.deepEqual(realtime.members(topic).map(({ version }) => version).sort(), ['1.0.0', '2.0.0']);

  await write('For both');
  const xid = await lastXid();
  assert.equal(realtime.ring(plan.workspace, xid), 2);
  await until(() => heard.includes(xid), { what: 'the official client hears it' });
  await until(has('For both'), { what: 'ours follows it' });

  must(await official.auth.refreshSession());
  await official.realtime.setAuth();
  const renewed = (version) => () => realtime.members(topic).some((member) =>
    member.version === version && new Set(member.tokens).size > 1);
  await until(renewed('2.0.0'), { what: 'the official client hands in its new token' });
  await until(renewed('1.0.0'), { what: 'ours does, too', within: 60_000 });
  assert.deepEqual(realtime.unknown, []);

  await official.removeAllChannels();
  await running.end();
});

test('the official client is refused where ours would be', async () => {
  const official = clientFor({ url: stage.url, publishableKey: stage.publishableKey });
  must(await official.auth.signInWithPassword({ email: ada.email, password: ada.password }));
  await official.realtime.setAuth();
  const channel = official.channel('elsewhere', { config: { private: true } });
  const refused = await new Promise((resolve) => channel.subscribe((status, error) => {
    if (status === 'CHANNEL_ERROR') resolve(error.message);
  }));
  assert.match(refused, /Unauthorized/);
  await official.removeAllChannels();
});
