// The cursor: no write is stepped over, none is sent twice without need, and a cursor that means nothing any more is recognised.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import connect from 'postgres';
import { createProject, GLOBAL, mutation, openProject, postgres, stopPostgres, uuid } from './project.mjs';
import { Device } from './device.mjs';
import { startChild } from '../support/child.mjs';
import { startPostgres } from '../support/postgres.mjs';
import { temporaryDirectory } from '../support/temporary.mjs';
import { freePort, until } from '../support/wait.mjs';

const BIN = process.env.CONVOY_PG_BIN ?? execFileSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1'], { encoding: 'utf8' }).trim();

let project, owner, ada;
before(async () => {
  project = await createProject();
  ({ owner } = project);
  ada = await project.newPerson();
});
after(async () => { await project.end(); await stopPostgres(); });

const titles = (device) => Object.values(device.content().tasks).map((t) => t.title).sort();

describe('writes that become visible late', () => {
  test('a slow transaction is not stepped over, where a time or a number would be', async () => {
    const w = await project.newWorkspace(ada, 2);
    await owner.unsafe('create sequence if not exists versions');
    const device = await new Device(ada).sync();
    const slow = await project.session();
    let missed;
    await slow.begin(async (sql) => {
      const [late] = await sql`update tasks set title = 'slow', updated_at = now() where id = ${w.tasks[0]} returning updated_at, nextval('versions') as version`;
      const [quick] = await owner`update tasks set title = 'quick', updated_at = now() where id = ${w.tasks[1]} returning updated_at, nextval('versions') as version`;
      await device.sync();
      assert.deepEqual(titles(device), ['Task', 'quick']);
      // Whoever remembers the newest time or number seen so far never asks for the slow one.
      missed = [late.updated_at <= quick.updated_at, late.version < quick.version];
    });
    await device.sync();
    assert.deepEqual(titles(device), ['quick', 'slow']);
    assert.deepEqual(missed, [true, true]);
  });

  test('while a long transaction is open, twenty commits are twenty rows: no delay and no repeats', async () => {
    const w = await project.newWorkspace(ada, 21);
    const device = await new Device(ada).sync();
    const long = await project.session();
    await long.begin(async (sql) => {
      await sql`update tasks set title = 'long' where id = ${w.tasks[0]}`;
      const { rows } = device.stats;
      for (let i = 1; i <= 20; ++i) {
        await owner`update tasks set title = 'quick' where id = ${w.tasks[i]}`;
        await device.sync();
        assert.equal(device.table('tasks').get(w.tasks[i]).values.title, 'quick');
      }
      assert.equal(device.stats.rows - rows, 20);
    });
    assert.equal((await device.sync()).table('tasks').get(w.tasks[0]).values.title, 'long');
  });

  test('a write inside an exception block belongs to the whole transaction', async () => {
    const w = await project.newWorkspace(ada, 1);
    const device = await new Device(ada).sync();
    const slow = await project.session();
    await slow.begin(async (sql) => {
      await sql.unsafe(`do $$ begin update public.tasks set title = 'inside' where id = '${w.tasks[0]}'; exception when others then null; end $$`);
      await device.sync();
      assert.equal(device.table('tasks').get(w.tasks[0]).values.title, 'Task');
    });
    assert.equal((await device.sync()).table('tasks').get(w.tasks[0]).values.title, 'inside');
  });

  test('a prepared transaction is only late', async () => {
    const w = await project.newWorkspace(ada, 1);
    const device = await new Device(ada).sync();
    const sql = await project.session();
    await sql.unsafe(`begin; update tasks set title = 'prepared' where id = '${w.tasks[0]}'; prepare transaction 'late'`);
    await device.sync();
    await owner.unsafe(`commit prepared 'late'`);
    assert.equal((await device.sync()).table('tasks').get(w.tasks[0]).values.title, 'prepared');
  });

  test('rows that change while a window is paged come with the next one', async () => {
    const w = await project.newWorkspace(ada, 10);
    let left = 3;
    const device = new Device(ada, { limit: 2, between: async () => {
      if (left-- > 0) await owner`update tasks set title = title || '+' where milestone_id = ${w.milestone}`;
    } });
    await device.sync();
    await owner`update tasks set status = 'DOING' where milestone_id = ${w.milestone}`;
    left = 3;
    await device.sync();
    left = 0;
    await device.sync();
    assert.deepEqual(device.content(), await device.truth());
  });
});

describe('one snapshot', () => {
  test('a later page of a window ends where the first one said', async () => {
    const w = await project.newWorkspace(ada, 3);
    const client = uuid();
    const { next, epoch, added } = await ada.pull({ client });
    const req = { client, epoch, scopes: [{ base: next, ids: { [w.workspace]: added[w.workspace] } }], limit: 1 };
    for (const id of w.tasks.slice(0, 2)) await owner`update tasks set title = 'in' where id = ${id}`;
    const first = await ada.pull(req);
    await owner`update tasks set title = 'after' where id = ${w.tasks[2]}`;
    const second = await ada.pull({ ...req, target: first.target, after: first.after });
    assert.deepEqual([first, second].map((page) => [page.changes[0].rows[0][0], page.more]), [[w.tasks[0], true], [w.tasks[1], false]]);
    assert.ok(!('added' in second));
  });


  test('convoy_pull sees one moment, however long it takes', async () => {
    // Reading the second table waits; meanwhile both tables change together.
    await owner.unsafe(`
      create table first_half (id uuid primary key, v int); create table second_half (id uuid primary key, v int);
      create function gate() returns boolean language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(42); return true; end $$;
      alter table second_half enable row level security; create policy p on second_half for select using (gate());
      grant all on first_half, second_half to authenticated;
      select convoy.enable('first_half'); select convoy.enable('second_half')`);
    const id = uuid();
    await owner`with a as (insert into first_half values (${id}, 1)) insert into second_half values (${id}, 1)`;
    const { next, epoch, added } = await ada.pull({ client: uuid() });
    await owner`with a as (update first_half set v = 2) update second_half set v = 2`;
    const gate = await project.session(), reader = await project.session();
    const [{ pid }] = await reader`select pg_backend_pid() as pid`;
    await gate`select pg_advisory_lock(42)`;
    const pulling = ada.pull({ client: uuid(), epoch, scopes: [{ base: next, ids: { [GLOBAL]: added[GLOBAL] } }] }, { sql: reader });
    await until(async () => (await owner`select cardinality(pg_blocking_pids(${pid})) as n`)[0].n > 0);
    await owner`with a as (update first_half set v = 3) update second_half set v = 3`;
    await gate`select pg_advisory_unlock(42)`;
    const reply = await pulling;
    assert.deepEqual(reply.changes.map((c) => c.rows), [[[id, 2]], [[id, 2]]]);
    const later = await ada.pull({ client: uuid(), epoch, scopes: [{ base: reply.next, ids: { [GLOBAL]: added[GLOBAL] } }] });
    assert.deepEqual(later.changes.map((c) => c.rows), [[[id, 3]], [[id, 3]]]);
    await owner`select convoy.disable('first_half'), convoy.disable('second_half')`;
  });
});

describe('cost', () => {
  test('content is read by index, under RLS, however large the table', async () => {
    const w = await project.newWorkspace(ada, 1);
    await owner`insert into tasks (milestone_id, title) select ${w.milestone}, 'T' from generate_series(1, 5000)`;
    await owner`analyze tasks`;
    const client = uuid();
    const { next, epoch, added } = await ada.pull({ client });
    await owner`update tasks set title = 'changed' where id = ${w.tasks[0]}`;
    const fresh = await project.session();   // Its statistics are its own.
    await ada.run(async (sql) => {
      const req = { protocol: 1, client, epoch, scopes: [{ base: next, ids: { [w.workspace]: added[w.workspace] } }] };
      const [{ reply }] = await sql.unsafe('select convoy_pull($1::text::jsonb) as reply', [JSON.stringify(req)]);
      assert.equal(reply.changes[0].rows.length, 1);
      const [{ seq_scan, seq_tup_read }] = await sql`select seq_scan, seq_tup_read from pg_stat_xact_user_tables where relid = 'public.tasks'::regclass`;
      assert.deepEqual([Number(seq_scan), Number(seq_tup_read)], [0, 0]);
    }, { sql: fresh });
    await owner`delete from tasks where milestone_id = ${w.milestone}`;
  });
});

describe('windows and scopes', () => {
  test('a scope that is lost does not end the window of the others', async () => {
    const [lost, kept] = [await project.newWorkspace(ada, 3), await project.newWorkspace(ada, 3)];
    const eve = await project.newPerson();
    for (const w of [lost, kept]) await owner`insert into workspace_members (workspace_id, user_id) values (${w.workspace}, ${eve.id})`;
    const device = await new Device(eve, { limit: 1 }).sync();
    await owner`update tasks set title = 'changed' where milestone_id in (${lost.milestone}, ${kept.milestone})`;
    await owner`delete from workspace_members where user_id = ${eve.id} and workspace_id = ${lost.workspace}`;
    await device.sync();
    assert.deepEqual(titles(device), ['changed', 'changed', 'changed']);
    assert.deepEqual(device.content(), await device.truth());
  });

  test('a scope that is lost between two pages is named on the later page', async () => {
    const w = await project.newWorkspace(ada, 3);
    const eve = await project.newPerson();
    const join = () => owner`insert into workspace_members (workspace_id, user_id) values (${w.workspace}, ${eve.id})`;
    const leave = () => owner`delete from workspace_members where user_id = ${eve.id}`;
    await join();
    const device = await new Device(eve, { limit: 1 }).sync();
    await owner`update tasks set title = 'changed' where milestone_id = ${w.milestone}`;
    let page = 0;
    // Lost and given back within one window: the visibility is the same again, and yet pages were missed.
    device.between = async () => { page += 1; if (page === 1) await leave(); };
    await device.sync();
    await join();
    await device.sync();
    assert.deepEqual(titles(device), ['changed', 'changed', 'changed']);
    assert.deepEqual(device.content(), await device.truth());
  });

  test('a row that moves between two of the device\'s scopes is neither lost nor doubled, in any order and page size', async () => {
    const worlds = [await project.newWorkspace(ada, 2), await project.newWorkspace(ada, 2), await project.newWorkspace(ada, 2)];
    for (const limit of [1, 2, 1000]) {
      const device = await new Device(ada, { limit }).sync();
      for (const [from, to] of [[0, 1], [1, 2], [2, 0]]) {
        await owner`update tasks set milestone_id = ${worlds[to].milestone} where id in (select id from tasks where milestone_id = ${worlds[from].milestone} limit 1)`;
        await device.sync();
        assert.deepEqual(device.content(), await device.truth());
      }
    }
  });

  test('a back-fill brings parents before children, counts them, and counts what it sends', async () => {
    const w = await project.newWorkspace(ada, 3);
    const client = uuid();
    const { epoch, schema } = await ada.pull({ client });
    const order = schema.tables.map((t) => t.name);
    const seen = [];
    let page = await ada.backfill({ client, epoch, scope: w.workspace, limit: 2 });
    assert.equal(page.total, 7);
    for (;;) {
      assert.ok(page.changes.reduce((n, c) => n + c.rows.length, 0) <= 2);
      for (const c of page.changes) for (const row of c.rows) seen.push([c.table, row[0]]);
      assert.deepEqual(page.changes.flatMap((c) => c.gone), []);
      if (!page.more) break;
      page = await ada.backfill({ client, epoch, scope: w.workspace, limit: 2, after: page.after });
      assert.ok(!('total' in page));
    }
    assert.equal(seen.length, 7);
    assert.deepEqual(seen.map(([t]) => order.indexOf(t)), seen.map(([t]) => order.indexOf(t)).toSorted((a, b) => a - b));
  });

  test('rows of more than a hundred columns, and names that need quotes', async () => {
    const names = Array.from({ length: 230 }, (_, i) => `c "${i}"`);
    await owner.unsafe(`create table "Wide Table" ("Key" text primary key, ${names.map((n) => `"${n.replaceAll('"', '""')}" int`).join(', ')});
      grant all on "Wide Table" to authenticated; select convoy.enable('"Wide Table"')`);
    const client = uuid();
    const { epoch } = await ada.pull({ client });
    const values = Object.fromEntries(names.map((n, i) => [n, i]));
    const { outcomes } = await ada.push({ client, epoch, mutations: [mutation(1, [{ op: 'insert', table: 'Wide Table', id: 'é "x"', values }]),
      mutation(2, [{ op: 'update', table: 'Wide Table', id: 'é "x"', values: Object.fromEntries(names.map((n) => [n, 7])), base: values }])] });
    assert.deepEqual(outcomes.map((o) => o.status), ['applied', 'applied']);
    const device = await new Device(ada).sync();
    const row = device.content()['Wide Table']['é "x"'];
    assert.deepEqual(row, Object.fromEntries(names.map((n) => [n, 7])));
    await owner`select convoy.disable('"Wide Table"')`;
  });

  test('every digit, and times in UTC, whatever the session\'s settings', async () => {
    await owner.unsafe(`create table exact (id uuid primary key, n numeric, b bigint, at timestamptz, raw bytea, f float8);
      grant all on exact to authenticated; select convoy.enable('exact')`);
    const id = uuid();
    await owner.unsafe(`insert into exact values ('${id}', 12345678901234567890.123450, 9223372036854775807, '2026-01-01 05:30:00.123456+05:30', '\\x00ff', 'NaN')`);
    const client = uuid();
    const { epoch } = await ada.pull({ client });
    const text = await ada.run(async (sql) => {
      await sql`set local timezone = 'Asia/Tokyo'`;
      await sql`set local bytea_output = 'escape'`;
      await sql`set local datestyle = 'German'`;
      const req = { protocol: 1, client, epoch, scope: GLOBAL };
      return (await sql.unsafe(`select (convoy_backfill($1::text::jsonb) -> 'changes')::text as t`, [JSON.stringify(req)]))[0].t;
    });
    assert.ok(text.includes(`["${id}", 12345678901234567890.123450, 9223372036854775807, "2026-01-01T00:00:00.123456+00:00", "\\\\x00ff", "NaN"]`), text);
    await owner`select convoy.disable('exact')`;
  });

  test('the schema is sent when it changed, and only then', async () => {
    const client = uuid();
    const first = await ada.pull({ client });
    const again = await ada.pull({ client, epoch: first.epoch, schema: first.schema.fingerprint });
    assert.ok(!('schema' in again));
    await owner`alter table projects add column colour text`;
    const changed = await ada.pull({ client, epoch: first.epoch, schema: first.schema.fingerprint });
    assert.deepEqual(changed.schema.tables.find((t) => t.name === 'projects').columns.at(-1),
      { name: 'colour', type: 'text', nullable: true, write: true });
    await owner`alter table projects drop column colour`;
    assert.equal((await ada.pull({ client })).schema.fingerprint, first.schema.fingerprint);
    const kinds = Object.fromEntries(first.schema.tables.map((t) => [t.name, t.conflict]));
    assert.deepEqual(kinds, { workspaces: 'server_wins', workspace_members: 'server_wins', projects: 'server_wins', milestones: 'server_wins', tasks: 'merge',
      task_dependencies: 'merge', activity_feed: 'append_only', workflows: 'read_only', patterns: 'read_only', best_practices: 'read_only' });
    assert.ok(first.schema.tables.find((t) => t.name === 'workflows').columns.every((c) => c.write === false));
  });

  test('malformed requests and limits', async () => {
    const client = uuid();
    const { epoch } = await ada.pull({ client });
    const many = Object.fromEntries(Array.from({ length: 1001 }, () => [uuid(), 'x']));
    const bad = [{}, { client: 'x' }, { client, epoch: 'x' }, { client, limit: 0 }, { client, limit: 5001 }, { client, limit: 'many' },
      { client, epoch, scopes: [{ base: '3:1:', ids: { [GLOBAL]: 'x' } }] }, { client, epoch, scopes: [{ ids: { [GLOBAL]: 'x' } }] },
      { client, epoch, scopes: [{ base: '1:1:', ids: { nobody: 'x' } }] }, { client, epoch, scopes: {} }, { client, scopes: [{ base: '1:1:', ids: { [GLOBAL]: 'x' } }] },
      { client, epoch, after: [GLOBAL, '1', 1, ''] }, { client, epoch, target: '1:1:', after: ['x'] }, { client, epoch, scopes: [{ base: '1:1:', ids: many }] }];
    for (const req of bad) await assert.rejects(ada.pull(req), { code: 'CV009' }, JSON.stringify(req).slice(0, 100));
    for (const req of [{ client }, { client, epoch }, { client, epoch, scope: 'x' }, { client, epoch, scope: GLOBAL, limit: 0 }, { client, epoch, scope: GLOBAL, after: [1] }]) {
      await assert.rejects(ada.backfill(req), { code: 'CV009' }, JSON.stringify(req));
    }
    await assert.rejects(ada.pull({ client, protocol: 2 }), { code: 'CV001', details: '[1]' });
    await assert.rejects(ada.backfill({ client, epoch, scope: GLOBAL, protocol: 0 }), { code: 'CV001' });
  });
});

describe('cursors that are void', () => {
  test('a server that has not seen what the device has is stale', async () => {
    const { epoch, added } = await ada.pull({ client: uuid() });
    const reply = await ada.pull({ client: uuid(), epoch, scopes: [{ base: '999999999:999999999:', ids: { [GLOBAL]: added[GLOBAL] } }] });
    assert.equal(reply.status, 'stale');
  });

  test('forgotten deletions: a device that slept too long compares, one that is fresh does not', async () => {
    const w = await project.newWorkspace(ada, 3);
    const sleeper = await new Device(ada).sync();
    await owner`delete from tasks where id = ${w.tasks[0]}`;
    const awake = await new Device(ada).sync();
    // Nothing is forgotten early, and nothing that an open transaction may still hide from a fresh cursor.
    assert.equal((await owner`select convoy.gc() as n`)[0].n, '0');
    const open = await project.session();
    await open.begin(async (sql) => {
      await sql`select pg_current_xact_id()`;
      await owner`delete from tasks where id = ${w.tasks[1]}`;
      await owner`select convoy.gc('0')`;
      const fresh = await new Device(ada).sync();
      await fresh.sync();
      assert.equal(fresh.stats.resets, 0);
    });
    assert.ok(Number((await owner`select convoy.gc('0') as n`)[0].n) > 0);
    await owner`update tasks set title = 'alive' where id = ${w.tasks[2]}`;
    await sleeper.sync();
    assert.equal(sleeper.stats.resets, 1);
    assert.deepEqual(sleeper.content(), await sleeper.truth());
    await awake.sync();
    await awake.sync();
    assert.deepEqual(awake.content(), await awake.truth());
    const settled = awake.stats.resets;
    await awake.sync();
    assert.equal(awake.stats.resets, settled);
  });

  test('a restored server says so until its owner agrees, and then every device compares', { timeout: 60_000 }, async () => {
    const w = await project.newWorkspace(ada, 3);
    const device = await new Device(ada).sync();
    await device.call('push', { mutations: [mutation(1, [])] });
    await owner`delete from tasks where id = ${w.tasks[1]}`;
    const pg = await postgres();
    const dump = execFileSync(join(BIN, 'pg_dump'), [pg.superuserUrl(project.name)], { maxBuffer: 1 << 28 });
    const other = await startPostgres();
    await other.createProject('restored');
    execFileSync(join(BIN, 'psql'), ['-qX', '-v', 'ON_ERROR_STOP=1', '--single-transaction', other.superuserUrl('restored')],
      { input: dump, stdio: ['pipe', 'ignore', 'inherit'] });
    const restored = openProject('restored', other.superuserUrl('restored').replace('superuser@', 'project_owner@'));
    const moved = restored.as(ada.id);
    device.person = moved;
    await assert.rejects(device.sync(), { code: 'CV011' });
    await assert.rejects(moved.push({ client: device.client, epoch: device.epoch, mutations: [] }), { code: 'CV011' });
    await restored.owner`select convoy.after_restore()`;
    assert.equal((await moved.push({ client: device.client, epoch: device.epoch, mutations: [] })).status, 'reset');
    await restored.owner`update tasks set title = 'after' where id = ${w.tasks[2]}`;
    await device.sync();
    assert.equal(device.stats.resets, 1);
    assert.equal(device.lastMid, 1);
    assert.deepEqual(device.content(), await device.truth());
    assert.deepEqual([...await restored.owner`select * from convoy.audit()`], []);
    await restored.owner`insert into tasks (milestone_id, title) values (${w.milestone}, 'new life')`;
    await device.sync();
    assert.deepEqual(device.content(), await device.truth());
    await restored.end();
    await other.stop();
  });
});

describe('on a standby', () => {
  test('the cursor claims only what certainly ended, the window takes all that is visible', async () => {
    const [row] = await owner`select convoy.cursor_of('10:20:', true)::text as cursor, convoy.target_of('10:20:', true)::text as target,
      convoy.cursor_of('10:20:12,14', false)::text as here, convoy.target_of('10:20:12,14', false)::text as there`;
    assert.deepEqual({ ...row }, { cursor: '10:10:', target: '20:20:', here: '10:20:12,14', there: '10:20:12,14' });
  });

  test('a transaction open on the primary is not stepped over there either', { timeout: 60_000 }, async () => {
    const w = await project.newWorkspace(ada, 2);
    const pg = await postgres();
    const home = temporaryDirectory('standby');
    const user = process.getuid() === 0
      ? Object.fromEntries(['u', 'g'].map((f) => [`${f}id`, Number(execFileSync('id', [`-${f}`, 'postgres'], { encoding: 'utf8' }))])) : {};
    if (user.uid !== undefined) chownSync(home, user.uid, user.gid);
    const data = join(home, 'data'), port = await freePort();
    execFileSync(join(BIN, 'pg_basebackup'), ['-D', data, '-R', '-X', 'stream', '-c', 'fast', '--no-sync', '-d', pg.superuserUrl()],
      { ...user, cwd: home, stdio: ['ignore', 'ignore', 'inherit'] });
    const child = startChild([join(BIN, 'postgres'), '-D', data, '-c', `port=${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=',
      '-c', 'fsync=off', '-c', 'max_connections=100', '-c', 'max_prepared_transactions=4'], { ...user, cwd: home, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' }, log: join(home, 'log'), last: 'QUIT' });
    const url = `postgres://project_owner@127.0.0.1:${port}/${project.name}`;
    await until(async () => {
      const probe = connect(url, { max: 1, connect_timeout: 2, onnotice() {} });
      try { return (await probe`select 1`).length; } finally { await probe.end({ timeout: 1 }); }
    }, { what: 'the standby is ready' });
    const standby = openProject(project.name, url);
    const caughtUp = async () => {
      const [{ lsn }] = await owner`select pg_current_wal_insert_lsn()::text as lsn`;
      await until(async () => (await standby.owner`select pg_last_wal_replay_lsn() >= ${lsn}::pg_lsn as ok`)[0].ok);
    };
    await caughtUp();
    const device = await new Device(standby.as(ada.id)).sync();
    const slow = await project.session();
    let trap;
    await slow.begin(async (sql) => {
      await sql`update tasks set title = 'slow' where id = ${w.tasks[0]}`;
      await owner`update tasks set title = 'quick' where id = ${w.tasks[1]}`;
      await caughtUp();
      await device.sync();
      assert.deepEqual(w.tasks.map((id) => device.table('tasks').get(id).values.title), ['Task', 'quick']);
      // This is what makes it a trap: the plain snapshot counts the open transaction as seen.
      const [{ xid }] = await sql`select pg_current_xact_id()::text as xid`;
      [{ trap }] = await standby.owner`select pg_visible_in_snapshot(${xid}::xid8, pg_current_snapshot()) as trap`;
    });
    await caughtUp();
    await device.sync();
    assert.deepEqual(w.tasks.map((id) => device.table('tasks').get(id).values.title), ['slow', 'quick']);
    assert.equal(trap, true);
    // Nobody pushes to a standby, and nothing is recorded as refused.
    await assert.rejects(device.call('push', { mutations: [mutation(1, [])] }), { code: '25006' });
    await assert.rejects(device.call('hello', {}), { code: '25006' });
    // Reading it may: also whether the device holds what it should.
    const verified = await device.call('verify', { scope: w.workspace, ...device.scopes.get(w.workspace), columns: { tasks: ['title'] } });
    assert.deepEqual([verified.behind, verified.tables.map((t) => t.rows)], [false, [2]]);
    assert.ok((await standby.as(ada.id).describe()).tables.length > 0);
    await standby.end();
    await child.signal('QUIT');
  });
});
