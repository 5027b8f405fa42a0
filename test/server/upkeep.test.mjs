// What has to happen now and then, and what may happen at any time: a server that is killed, a pooler in between.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createProject, insert, mutation, openProject, postgres, pusher, stopPostgres, update, uuid } from './project.mjs';
import { Device } from './device.mjs';
import { startChild } from '../support/child.mjs';
import { temporaryDirectory } from '../support/temporary.mjs';
import { freePort, giveUp, until } from '../support/wait.mjs';

const BIN = process.env.CONVOY_PG_BIN ?? execFileSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1'], { encoding: 'utf8' }).trim();

let project, owner, ada, epoch;
before(async () => {
  project = await createProject();
  ({ owner } = project);
  ada = await project.newPerson();
  ({ epoch } = await ada.pull({ client: uuid() }));
});
after(async () => { await project.end(); await stopPostgres(); });

test('the version is the project\'s', async () => {
  const version = readFileSync(new URL('../../VERSION', import.meta.url), 'utf8').trim();
  assert.equal((await owner`select convoy.version() as v`)[0].v, version);
});

describe('forgetting', () => {
  const tombstones = async () => (await owner`select count(*)::int as n from convoy.log where dead`)[0].n;
  test('in portions, the oldest first, and says how far', async () => {
    const w = await project.newWorkspace(ada, 6);
    for (const id of w.tasks) await owner`delete from tasks where id = ${id}`;
    const before = await tombstones();
    const oldest = (await owner`select xid::text from convoy.log where dead order by xid limit 2`).map((r) => r.xid);
    assert.equal((await owner`select convoy.gc('0', max_rows => 2) as n`)[0].n, '2');
    assert.equal(await tombstones(), before - 2);
    assert.equal((await owner`select gc_horizon::text as h from convoy.meta`)[0].h, oldest[1]);
    assert.ok(Date.now() - (await owner`select gc_at from convoy.meta`)[0].gc_at < 60_000);
    await owner`select convoy.gc('0')`;
    assert.equal(await tombstones(), 0);
    const [{ h }] = await owner`select gc_horizon::text as h from convoy.meta`;
    await owner`select convoy.gc('0')`;
    assert.equal((await owner`select gc_horizon::text as h from convoy.meta`)[0].h, h, 'nothing more to forget');
  });

  test('one at a time', async () => {
    const w = await project.newWorkspace(ada, 1);
    await owner`delete from tasks where id = ${w.tasks[0]}`;
    const other = await project.session();
    await other.begin(async (sql) => {
      await sql`select convoy.gc('0')`;
      assert.equal((await owner`select convoy.gc('0') as n`)[0].n, '0');
    });
    assert.equal(await tombstones(), 0);
  });

  test('devices that were not seen for half a year, but none that was signed out', async () => {
    const [gone, revoked, here] = [pusher(ada, { epoch }), pusher(ada, { epoch }), pusher(ada, { epoch })];
    for (const d of [gone, revoked, here]) await d.push([update('tasks', uuid(), {}, {})]);
    await ada.revoke(revoked.client);
    await owner`update convoy.client set seen_at = now() - interval '181 days' where client_id in (${gone.client}, ${revoked.client})`;
    await owner`update convoy.client set seen_at = now() - interval '179 days' where client_id = ${here.client}`;
    await owner`select convoy.gc()`;
    const clients = (await ada.devices()).devices.map((d) => d.client);
    assert.deepEqual([gone, revoked, here].map((d) => clients.includes(d.client)), [false, true, true]);
    assert.equal((await owner`select count(*)::int as n from convoy.outcome where client_id = ${gone.client}`)[0].n, 0);
    await assert.rejects(revoked.raw([mutation(2, [])]), { code: 'CV012' });
    // It comes back under another name, as a copy would.
    assert.equal((await gone.raw([mutation(2, [])])).status, 'gap');
  });

  test('a push does it now and then, and never fails for it', async () => {
    const w = await project.newWorkspace(ada, 1);
    await owner`delete from tasks where id = ${w.tasks[0]}`;
    await owner`update convoy.log set dead_at = now() - interval '91 days' where dead`;
    const d = pusher(ada, { epoch });
    const [{ definition }] = await owner`select pg_get_functiondef('convoy.gc_sometimes'::regproc) as definition`;
    assert.match(definition, /random\(\) < 0\.001/);
    await owner.unsafe(definition.replace('0.001', '2'));
    await d.push([]);
    assert.equal(await tombstones(), 0);
    await owner.unsafe(definition.replace('0.001', '2').replace('perform convoy.gc', 'perform 1 / 0; perform convoy.gc'));
    assert.equal((await d.push([]))[0].status, 'applied');
    await owner.unsafe(definition);
  });

  test('pg_cron is used where it is', async () => {
    assert.equal((await owner`select convoy.schedule_gc() as yes`)[0].yes, false);
    await owner.unsafe(`create schema cron; create table cron.job (jobname text primary key, schedule text, command text);
      create function cron.schedule(job_name text, schedule text, command text) returns bigint language sql as $$
        insert into cron.job values (job_name, schedule, command) on conflict (jobname) do update set schedule = excluded.schedule; select 1::bigint $$`);
    for (let i = 0; i < 2; ++i) assert.equal((await owner`select convoy.schedule_gc() as yes`)[0].yes, true);
    const jobs = await owner`select command from cron.job`;
    assert.equal(jobs.length, 1);
    await owner.unsafe(jobs[0].command);
  });
});

test('a server that is killed in the middle of a push has applied all of it or nothing, and says which', { timeout: 120_000 }, async () => {
  const pg = await postgres();
  const doomed = await createProject();
  const eve = await doomed.newPerson();
  const w = await doomed.newWorkspace(eve, 0);
  // The insert waits inside the push's transaction, after others of the same push have been applied.
  await doomed.owner.unsafe(`create function hold() returns trigger language plpgsql as $$
      begin if new.title = 'hold' then perform pg_advisory_xact_lock(99); end if; return new; end $$;
    create trigger hold before insert on tasks for each row execute function hold()`);
  const client = uuid(), ids = Array.from({ length: 3 }, () => uuid());
  const mutations = ids.map((id, i) => mutation(i + 1, [insert('tasks', id, { milestone_id: w.milestone, title: i === 1 ? 'hold' : 'T' })]));
  // By psql, which takes a server's end calmly.
  const psql = (...commands) => new Promise((resolve) => {
    execFile(join(BIN, 'psql'), ['-qXAt', '-v', 'ON_ERROR_STOP=1', doomed.url, ...commands.flatMap((c) => ['-c', c])], (error, out) => resolve({ code: error?.code ?? 0, out }));
  });
  const holding = psql('select pg_advisory_lock(99)', 'select pg_sleep(3600)');
  const held = `select count(*)::int as n from pg_locks where locktype = 'advisory' and objid = 99 and granted`;
  await until(async () => (await doomed.owner.unsafe(held))[0].n > 0);
  const request = JSON.stringify({ protocol: 1, client, mutations }).replaceAll("'", "''");
  const pushing = psql('begin', `select set_config('request.jwt.claims', '{"sub": "${eve.id}"}', true), set_config('role', 'authenticated', true)`,
    `select convoy_push('${request}')`, 'commit');
  await until(async () => (await doomed.owner.unsafe(held.replace('and granted', 'and not granted')))[0].n > 0);
  await Promise.all([doomed.end(), owner.end()]);
  await pg.restart({ how: 'immediate' });
  assert.deepEqual((await Promise.all([holding, pushing])).map((r) => [r.code === 0, r.out.includes('applied')]), [[false, false], [false, false]]);

  let again = openProject(doomed.name, doomed.url);
  const there = async () => (await again.owner`select id from tasks where milestone_id = ${w.milestone}`).map((r) => r.id).sort();
  assert.deepEqual(await there(), []);
  assert.equal((await again.as(eve.id).pull({ client })).last_mid, 0);
  const { outcomes } = await again.as(eve.id).push({ client, mutations });
  assert.deepEqual(outcomes.map((o) => o.status), ['applied', 'applied', 'applied']);
  // Killed after the commit, before the reply was read: the same push is answered.
  await again.end();
  await pg.restart({ how: 'immediate' });
  again = openProject(doomed.name, doomed.url);
  assert.deepEqual((await again.as(eve.id).push({ client, mutations })).outcomes, outcomes);
  assert.deepEqual(await there(), ids.toSorted());
  assert.deepEqual([...await again.owner`select * from convoy.audit()`], []);
  const device = await new Device(again.as(eve.id)).sync();
  assert.deepEqual(device.content(), await device.truth());
  await again.end();
  project = openProject(project.name, project.url);
  ({ owner } = project);
});

const PGBOUNCER = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path));
test('through PgBouncer in transaction mode: nothing is left on a connection', { timeout: 60_000, skip: !PGBOUNCER && 'PgBouncer is not installed' }, async () => {
  const pg = await postgres();
  const home = temporaryDirectory('pgbouncer');
  const user = process.getuid() === 0
    ? Object.fromEntries(['u', 'g'].map((f) => [`${f}id`, Number(execFileSync('id', [`-${f}`, 'postgres'], { encoding: 'utf8' }))])) : {};
  if (user.uid !== undefined) chownSync(home, user.uid, user.gid);
  const port = await freePort();
  writeFileSync(join(home, 'users'), '"project_owner" ""\n');
  // Two connections for many clients: every transaction may run on either.
  writeFileSync(join(home, 'pgbouncer.ini'), `[databases]\n* = host=127.0.0.1 port=${pg.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}
unix_socket_dir =\nauth_type = trust\nauth_file = ${join(home, 'users')}\npool_mode = transaction\ndefault_pool_size = 2\nmax_client_conn = 100\n`);
  const pooler = startChild([PGBOUNCER, join(home, 'pgbouncer.ini')], { ...user, cwd: home, log: join(home, 'log') });
  const pooled = openProject(project.name, `postgres://project_owner@127.0.0.1:${port}/${project.name}`);
  try {
    await until(async () => {
      if (!pooler.running()) throw giveUp(`PgBouncer ended:\n${pooler.log()}`);
      return (await pooled.owner`select 1`).length;
    }, { what: 'PgBouncer is ready' });
    const people = await Promise.all(Array.from({ length: 6 }, () => project.newPerson()));
    const worlds = await Promise.all(people.map((person) => project.newWorkspace(person, 5)));
    await owner.unsafe(`create table ticks (id uuid primary key, a text); grant all on ticks to authenticated; select convoy.enable('ticks', conflict => 'last_write_wins')`);
    const [tick, early] = [uuid(), String(BigInt(Date.now() - 100_000) << 16n)];
    await owner`insert into ticks values (${tick}, 'base')`;
    const devices = await Promise.all(people.map(async (person, n) => {
      const sql = await pooled.session();
      const me = pooled.as(person.id);
      const device = new Device(me, { limit: 2, sql });
      const sender = pusher(me, { epoch, sql });
      for (let i = 0; i < 5; ++i) {
        await device.sync();
        const [outcome] = await sender.pushAt(early, [update('tasks', worlds[n].tasks[i], { title: `${n}.${i}` }, { title: 'Task' }), update('ticks', tick, { a: 'early' }, { a: 'never' })]);
        assert.equal(outcome.conflicts?.length, 1, JSON.stringify(outcome));
      }
      return device.sync();
    }));
    // A stamp left behind by one client's transaction would have let another's write seem later.
    assert.equal((await owner`select a from ticks where id = ${tick}`)[0].a, 'base');
    for (const [n, device] of devices.entries()) {
      await device.sync();
      assert.deepEqual(device.content(), await device.truth());
      assert.deepEqual(Object.values(device.content().tasks).map((task) => task.title).sort(), Array.from({ length: 5 }, (_, i) => `${n}.${i}`));
    }
    const settings = await pooled.owner`select current_setting('convoy.write', true) as write, current_setting('request.jwt.claims', true) as claims, current_user as me`;
    assert.deepEqual({ ...settings[0], write: settings[0].write || '', claims: settings[0].claims || '' }, { write: '', claims: '', me: 'project_owner' });
  } finally {
    await pooled.end();
    await pooler.signal('INT');
  }
});
