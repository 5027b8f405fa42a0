// The change log: every way a row can change is seen, in the scope where the row lies.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createProject, stopPostgres, uuid, GLOBAL } from './project.mjs';
import { until } from '../support/wait.mjs';

let project, owner, ada;
before(async () => {
  project = await createProject();
  ({ owner } = project);
  ada = await project.newPerson();
});
after(async () => { await project.end(); await stopPostgres(); });

/** Live log entries of `table`: `{id: scope}`. */
const places = async (table, ids, sql = owner) => Object.fromEntries((await sql`
  select l.pk, l.scope from convoy.log l join convoy.tables t on t.id = l.tbl
   where t.name = ${table} and not l.dead and l.pk = any (${ids})`).map(({ pk, scope }) => [pk, scope]));
const dead = async (table, ids, sql = owner) => (await sql`
  select l.pk, l.scope from convoy.log l join convoy.tables t on t.id = l.tbl
   where t.name = ${table} and l.dead and l.pk = any (${ids}) order by l.pk, l.scope`).map(({ pk, scope }) => [pk, scope]);
const stamp = async (table, id, sql = owner) => (await sql`
  select l.xid::text from convoy.log l join convoy.tables t on t.id = l.tbl where t.name = ${table} and l.pk = ${id}`)[0]?.xid;
const audited = async (sql = owner) => assert.deepEqual([...await sql`select * from convoy.audit()`], []);

describe('what is logged', () => {
  test('a multi-row insert, and an insert that becomes an update', async () => {
    const w = await project.newWorkspace(ada, 0);
    const ids = [uuid(), uuid(), uuid()];
    await owner`insert into tasks (id, milestone_id, title) select unnest(${ids}::uuid[]), ${w.milestone}, 'T'`;
    assert.deepEqual(await places('tasks', ids), Object.fromEntries(ids.map((id) => [id, w.workspace])));
    const before = await stamp('tasks', ids[0]);
    await owner`insert into tasks (id, milestone_id, title) values (${ids[0]}, ${w.milestone}, 'again')
                on conflict (id) do update set title = excluded.title`;
    assert.ok(BigInt(await stamp('tasks', ids[0])) > BigInt(before));
    await audited();
  });

  test('MERGE with all three actions', async () => {
    const w = await project.newWorkspace(ada, 2);
    const fresh = uuid();
    await owner`merge into tasks t using (select unnest(${[...w.tasks, fresh]}::uuid[]) as id, generate_series(1, 3) as n) s on t.id = s.id
                when matched and s.n = 1 then delete
                when matched then update set title = 'merged'
                when not matched then insert (id, milestone_id, title) values (s.id, ${w.milestone}, 'new')`;
    assert.deepEqual(Object.keys(await places('tasks', [...w.tasks, fresh])).sort(), [w.tasks[1], fresh].sort());
    assert.deepEqual(await dead('tasks', w.tasks), [[w.tasks[0], w.workspace]]);
    await audited();
  });

  test('COPY', async () => {
    const w = await project.newWorkspace(ada, 0);
    const id = uuid();
    const stream = await owner`copy tasks (id, milestone_id, title) from stdin`.writable();
    await new Promise((done, fail) => { stream.on('finish', done).on('error', fail); stream.end(`${id}\t${w.milestone}\tcopied\n`); });
    assert.deepEqual(await places('tasks', [id]), { [id]: w.workspace });
  });

  test('a data-modifying CTE', async () => {
    const w = await project.newWorkspace(ada, 1);
    const id = uuid();
    await owner`with gone as (delete from tasks where id = ${w.tasks[0]} returning milestone_id)
                insert into tasks (id, milestone_id, title) select ${id}, milestone_id, 'T' from gone`;
    assert.deepEqual(await places('tasks', [...w.tasks, id]), { [id]: w.workspace });
    assert.equal((await dead('tasks', w.tasks)).length, 1);
  });

  test('a changed primary key: the old one is dead, the new one live', async () => {
    const w = await project.newWorkspace(ada, 1);
    const id = uuid();
    await owner`update tasks set id = ${id} where id = ${w.tasks[0]}`;
    assert.deepEqual(await places('tasks', [id, w.tasks[0]]), { [id]: w.workspace });
    assert.deepEqual(await dead('tasks', [id, w.tasks[0]]), [[w.tasks[0], w.workspace]]);
  });

  test('cascades, to every level and the row itself set null', async () => {
    const w = await project.newWorkspace(ada, 3);
    const [a, b, c] = w.tasks;
    const activity = uuid();
    await owner`insert into activity_feed (id, task_id, activity_type) values (${activity}, ${a}, 'NOTE')`;
    await owner`insert into task_dependencies (task_id, depends_on_task_id) values (${b}, ${a})`;
    await owner`update tasks set parent_task_id = ${a} where id = ${c}`;
    const before = await stamp('tasks', c);
    await owner`delete from tasks where id = ${a}`;
    assert.deepEqual(await dead('activity_feed', [activity]), [[activity, w.workspace]]);
    assert.ok(BigInt(await stamp('tasks', c)) > BigInt(before), 'the subtask changed: its parent is gone');
    await owner`delete from workspaces where id = ${w.workspace}`;
    assert.deepEqual(await places('tasks', w.tasks), {});
    assert.equal((await dead('tasks', w.tasks)).length, 3);
    await audited();
  });

  test('TRUNCATE', async () => {
    const w = await project.newWorkspace(ada, 2);
    const other = await project.session();
    await other.begin(async (sql) => {
      await sql`truncate tasks cascade`;
      assert.deepEqual(await places('tasks', w.tasks, sql), {});
      assert.equal((await dead('tasks', w.tasks, sql)).length, 2);
      await audited(sql);
      throw new Error('back');
    }).catch((error) => assert.equal(error.message, 'back'));
    assert.equal(Object.keys(await places('tasks', w.tasks)).length, 2);
  });

  test('savepoints, rollbacks and exception blocks leave what was committed, stamped with the whole transaction', async () => {
    const w = await project.newWorkspace(ada, 3);
    let xid;
    await owner.begin(async (sql) => {
      [{ xid }] = await sql`select pg_current_xact_id()::text as xid`;
      await sql.savepoint((nested) => nested`update tasks set title = 'kept' where id = ${w.tasks[0]}`);
      await sql.savepoint(async (nested) => {
        await nested`delete from tasks where id = ${w.tasks[1]}`;
        throw new Error('back');
      }).catch(() => {});
      await sql.unsafe(`do $$ begin update public.tasks set title = 'inner' where id = '${w.tasks[2]}'; perform 1 / 0;
                        exception when division_by_zero then null; end $$`);
    });
    assert.equal(await stamp('tasks', w.tasks[0]), xid);
    assert.notEqual(await stamp('tasks', w.tasks[1]), xid);
    assert.notEqual(await stamp('tasks', w.tasks[2]), xid);
    assert.deepEqual(await dead('tasks', w.tasks), []);
  });

  test('writes of a session that replays (session_replication_role = replica)', async () => {
    const w = await project.newWorkspace(ada, 1);
    const { default: connect } = await import('postgres');
    const { postgres } = await import('./project.mjs');
    const superuser = connect((await postgres()).superuserUrl(project.name), { max: 1 });
    await superuser`set session_replication_role = replica`;
    await superuser`delete from tasks where id = ${w.tasks[0]}`;
    await superuser.end();
    assert.equal((await dead('tasks', w.tasks)).length, 1);
  });

  test('the same row twice in one transaction, deleted and made again', async () => {
    const w = await project.newWorkspace(ada, 1);
    await owner.begin(async (sql) => {
      await sql`delete from tasks where id = ${w.tasks[0]}`;
      await sql`insert into tasks (id, milestone_id, title) values (${w.tasks[0]}, ${w.milestone}, 'back')`;
    });
    assert.deepEqual(await places('tasks', w.tasks), { [w.tasks[0]]: w.workspace });
    assert.deepEqual(await dead('tasks', w.tasks), []);
  });
});

describe('where a row lies', () => {
  test('a project that moves takes all its descendants along', async () => {
    const from = await project.newWorkspace(ada, 2), to = await project.newWorkspace(ada, 0);
    const activity = uuid(), pattern = uuid();
    await owner`insert into activity_feed (id, task_id, activity_type) values (${activity}, ${from.tasks[0]}, 'NOTE')`;
    await owner`insert into patterns (id, project_id, name) values (${pattern}, ${from.project}, 'P')`;
    assert.deepEqual(await places('patterns', [pattern]), { [pattern]: from.workspace });
    await owner`update projects set workspace_id = ${to.workspace} where id = ${from.project}`;
    assert.deepEqual(await places('tasks', from.tasks), Object.fromEntries(from.tasks.map((id) => [id, to.workspace])));
    assert.deepEqual(await places('activity_feed', [activity]), { [activity]: to.workspace });
    assert.deepEqual(await places('patterns', [pattern]), { [pattern]: to.workspace });
    assert.deepEqual(await dead('milestones', [from.milestone]), [[from.milestone, from.workspace]]);
    await audited();
    await owner`update projects set workspace_id = ${from.workspace} where id = ${from.project}`;
    assert.deepEqual(await places('activity_feed', [activity]), { [activity]: from.workspace });
    await audited();
  });

  test('a title that changes does not touch the descendants', async () => {
    const w = await project.newWorkspace(ada, 1);
    const before = await stamp('tasks', w.tasks[0]);
    await owner`update milestones set name = 'other' where id = ${w.milestone}`;
    assert.equal(await stamp('tasks', w.tasks[0]), before);
  });

  test('column first, then parent, then everybody', async () => {
    const a = await project.newWorkspace(ada, 0), b = await project.newWorkspace(ada, 0);
    const [both, via, none] = [uuid(), uuid(), uuid()];
    await owner`insert into best_practices (id, workspace_id, project_id, name) values
                (${both}, ${a.workspace}, ${b.project}, 'x'), (${via}, null, ${b.project}, 'x'), (${none}, null, null, 'x')`;
    assert.deepEqual(await places('best_practices', [both, via, none]), { [both]: a.workspace, [via]: b.workspace, [none]: GLOBAL });
  });

  test('a key that cascades reaches the children before the parent is logged', async () => {
    const sql = await project.session();
    await sql.unsafe(`create table up (id uuid primary key, scope uuid);
      create table down (id uuid primary key, up_id uuid references up on update cascade deferrable initially deferred);
      select convoy.enable('up', scope_column => 'scope'); select convoy.enable('down', scope_via => 'up_id')`);
    const [scope, up, moved, child] = [uuid(), uuid(), uuid(), uuid()];
    await sql`insert into up values (${up}, ${scope})`;
    await sql`insert into down values (${child}, ${up})`;
    await sql`update up set id = ${moved}`;
    assert.deepEqual(await places('down', [child]), { [child]: scope });
    assert.deepEqual(await dead('down', [child]), [], 'it did not move');
    await audited();
  });

  test('a child inserted before its parent gets its place when the parent arrives', async () => {
    const [scope, up, child] = [uuid(), uuid(), uuid()];
    await owner.begin(async (sql) => {
      await sql`insert into down values (${child}, ${up})`;
      assert.deepEqual(await places('down', [child], sql), {});
      await sql`insert into up values (${up}, ${scope})`;
      assert.deepEqual(await places('down', [child], sql), { [child]: scope });
    });
    assert.equal((await owner`select count(*)::int from convoy.limbo`)[0].count, 0);
  });

  test('… also when somebody else commits the parent in between', async () => {
    const [scope, up, child] = [uuid(), uuid(), uuid()];
    const other = await project.session();
    await owner.begin(async (sql) => {
      await sql`insert into down values (${child}, ${up})`;
      await other`insert into up values (${up}, ${scope})`;
    });
    assert.deepEqual(await places('down', [child]), { [child]: scope });
    await audited();
  });

  // Two transactions that do not see each other's rows: one moves the parent, one adds a child.
  for (const first of ['move', 'child']) {
    test(`a child added while its parent moves ends where the parent ends (${first} first)`, async () => {
      const from = await project.newWorkspace(ada, 1), to = await project.newWorkspace(ada, 0);
      const child = uuid();
      const one = await project.session(), two = await project.session();
      const work = {
        move: (sql) => sql`update projects set workspace_id = ${to.workspace} where id = ${from.project}`,
        child: (sql) => sql`insert into tasks (id, milestone_id, title) values (${child}, ${from.milestone}, 'new')`,
      };
      const second = first === 'move' ? 'child' : 'move';
      const [{ pid }] = await two`select pg_backend_pid() as pid`;
      let waiting;
      await one.begin(async (sql) => {
        await work[first](sql);
        waiting = two.begin((sql2) => work[second](sql2));
        await until(async () => (await owner`select cardinality(pg_blocking_pids(${pid})) as n`)[0].n > 0, { what: 'the second waits' });
      });
      await waiting;
      assert.deepEqual(await places('tasks', [child]), { [child]: to.workspace });
      await audited();
    });
  }

  test('a row with children does not move under an old snapshot', async () => {
    const from = await project.newWorkspace(ada, 1), to = await project.newWorkspace(ada, 0);
    await assert.rejects(owner.begin('isolation level repeatable read',
      (sql) => sql`update projects set workspace_id = ${to.workspace} where id = ${from.project}`), { code: '25001' });
    await audited();
  });
});

describe('turning it on', () => {
  test('logs what is there, is safe to repeat, and follows a changed scope', async () => {
    const ids = [uuid(), uuid()], scope = uuid();
    await owner.unsafe(`create table notes (id uuid primary key, owner uuid, body text)`);
    await owner`insert into notes select unnest(${ids}::uuid[]), ${scope}, 'x'`;
    await owner`select convoy.enable('notes')`;
    assert.deepEqual(await places('notes', ids), Object.fromEntries(ids.map((id) => [id, GLOBAL])));
    const before = await stamp('notes', ids[0]);
    await owner`select convoy.enable('notes')`;
    assert.equal(await stamp('notes', ids[0]), before);
    await owner`select convoy.enable('notes', scope_column => 'owner')`;
    assert.deepEqual(await places('notes', ids), Object.fromEntries(ids.map((id) => [id, scope])));
    await owner`select convoy.disable('notes')`;
    assert.deepEqual(await places('notes', ids), {});
    await owner`insert into notes values (${uuid()}, null, 'unseen')`;
    await owner`select convoy.enable('notes')`;
    await audited();
    await owner`drop table notes`;
    await owner.unsafe(`create table notes (id bigint generated always as identity primary key, body text)`);
    await owner`select convoy.enable('notes')`;
    await owner`insert into notes (body) values ('keys of other types work too')`;
    assert.deepEqual(await places('notes', ['1']), { 1: GLOBAL });
  });

  const refusals = {
    'a table without a primary key': ['create table r1 (a int)', `select convoy.enable('r1')`, /primary key/],
    'a key of two columns': ['create table r2 (a int, b int, primary key (a, b))', `select convoy.enable('r2')`, /one column/],
    'a view': ['create view r3 as select 1 as id', `select convoy.enable('r3')`, /not a table/],
    'a partitioned table': ['create table r4 (id int primary key) partition by hash (id)', `select convoy.enable('r4')`, /partitioned/],
    'an unknown column': ['create table r5 (id uuid primary key)', `select convoy.enable('r5', scope_column => 'no')`, /no column "no"/],
    'an unknown readonly column': ['create table r6 (id uuid primary key)', `select convoy.enable('r6', readonly => '{no}')`, /no column "no"/],
    'a scope that is no uuid': ['create table r7 (id uuid primary key, s text)', `select convoy.enable('r7', scope_column => 's')`, /uuid/],
    'an unknown rule': ['create table r8 (id uuid primary key)', `select convoy.enable('r8', conflict => 'last')`, /unknown conflict/],
    'an unknown column rule': ['create table r9 (id uuid primary key, a text)', `select convoy.enable('r9', columns => '{"a": "best"}')`, /unknown rule/],
    'latest without a time': ['create table r10 (id uuid primary key, a text)', `select convoy.enable('r10', columns => '{"a": "latest"}')`, /timestamp/],
    'a parent that is not enabled': ['create table r11 (id uuid primary key, p uuid references r10)', `select convoy.enable('r11', scope_via => 'p')`, /enable the parent|foreign key/],
    'a parent by something that is no foreign key': ['create table r12 (id uuid primary key, p uuid)', `select convoy.enable('r12', scope_via => 'p')`, /foreign key/],
  };
  for (const [what, [create, enable, message]] of Object.entries(refusals)) {
    test(`refuses ${what}`, async () => {
      await owner.unsafe(create);
      await assert.rejects(owner.unsafe(enable), (error) => message.test(error.message));
    });
  }

  test('refuses to turn off a parent of others', async () => {
    await assert.rejects(owner`select convoy.disable('tasks')`, { code: '2BP01' });
  });

  test('a child that was dropped without a word is in nobody\'s way', async () => {
    const from = await project.newWorkspace(ada, 1), to = await project.newWorkspace(ada, 0);
    await owner.unsafe(`create table remarks (id uuid primary key default gen_random_uuid(), task uuid references tasks, body text);
      select convoy.enable('remarks', scope_via => 'task')`);
    await owner`insert into remarks (task) values (${from.tasks[0]})`;
    await owner`drop table remarks`;
    await owner`update projects set workspace_id = ${to.workspace} where id = ${from.project}`;
    assert.deepEqual(await places('tasks', from.tasks), { [from.tasks[0]]: to.workspace });
    assert.ok((await ada.pull({ client: uuid() })).schema.tables.every((t) => t.name !== 'remarks'));
    await owner`select convoy.enable('tasks', scope_via => 'milestone_id')`;
    assert.equal((await owner`select count(*)::int as n from convoy.tables where name = 'remarks'`)[0].n, 0);
    await audited();
  });

  test('audit finds what switched-off triggers missed, and repairs it', async () => {
    const w = await project.newWorkspace(ada, 2);
    const other = await project.newWorkspace(ada, 0);
    const id = uuid();
    await owner`alter table tasks disable trigger user`;
    await owner`insert into tasks (id, milestone_id, title) values (${id}, ${w.milestone}, 'unseen')`;
    await owner`delete from tasks where id = ${w.tasks[0]}`;
    await owner`update tasks set milestone_id = ${other.milestone} where id = ${w.tasks[1]}`;
    await owner`alter table tasks enable always trigger convoy_insert, enable always trigger convoy_update,
                enable always trigger convoy_delete, enable always trigger convoy_truncate`;
    const found = await owner`select * from convoy.audit(repair => true)`;
    assert.deepEqual(Object.fromEntries(found.map((row) => [row.id, row.problem])),
      { [id]: 'missing', [w.tasks[0]]: 'extra', [w.tasks[1]]: 'scope' });
    await audited();
  });
});
