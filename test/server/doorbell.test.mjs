// The doorbell: one message for each transaction and scope, heard by those who have the scope, and never in a writer's way.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import connect from 'postgres';
import { createProject, GLOBAL, insert, postgres, projectMigrations, pusher, stopPostgres, uuid } from './project.mjs';
import { until } from '../support/wait.mjs';

// What Realtime brings: its signatures, and its owner, who is not the project's.
const REALTIME = `
  create schema realtime;
  create table realtime.messages (topic text not null, extension text not null, payload jsonb, event text, private boolean default false,
    updated_at timestamp not null default now(), inserted_at timestamp not null default now(), id uuid not null default gen_random_uuid());
  alter table realtime.messages enable row level security;
  create function realtime.topic() returns text language sql stable as $$ select nullif(current_setting('realtime.topic', true), '')::text $$;
  create function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void language plpgsql as $$
    begin
      execute format('set local realtime.topic to %L', topic);
      insert into realtime.messages (payload, event, topic, private, extension) values (payload, event, topic, private, 'broadcast');
    end $$;
  grant usage on schema realtime to project_owner, authenticated;
  grant select, insert on realtime.messages to project_owner; grant select on realtime.messages to authenticated;`;

let project, owner, ada, bob, superuser;
before(async () => {
  project = await createProject();
  ({ owner } = project);
  [ada, bob] = [await project.newPerson(), await project.newPerson()];
  superuser = connect((await postgres()).superuserUrl(project.name), { max: 1, onnotice() {} });
});
after(async () => { await superuser.end(); await project.end(); await stopPostgres(); });

const heard = async (work) => {
  await superuser`delete from realtime.messages`;
  await work();
  return (await superuser`select topic, payload, event, private from realtime.messages order by topic`).map((m) => ({ ...m }));
};
const topic = (scope) => `convoy:${scope}`;

test('without Realtime there is none, and that is no error', async () => {
  assert.equal((await owner`select convoy.enable_doorbell() as up`)[0].up, false);
  assert.equal((await ada.hello({ client: uuid() })).realtime, false);
  await owner`select convoy.disable_doorbell()`;
  await superuser.unsafe('create schema realtime; grant usage on schema realtime to project_owner');
  assert.equal((await owner`select convoy.enable_doorbell() as up`)[0].up, false, 'a schema without the function');
  await superuser.unsafe('drop schema realtime');
});

test('the migrations put it up where Realtime is; somebody else\'s table keeps its policies', async () => {
  await superuser.unsafe(REALTIME);
  const file = projectMigrations().find((path) => path.endsWith('_convoy_doorbell.sql'));
  for (let run = 0; run < 2; ++run) await owner.unsafe(readFileSync(file, 'utf8'));
  assert.equal((await ada.hello({ client: uuid() })).realtime, true);
  assert.equal((await owner`select count(*)::int as n from pg_policies where schemaname = 'realtime'`)[0].n, 0, 'the owner may not');
  await owner`select convoy.disable_doorbell()`;
  assert.equal((await ada.hello({ client: uuid() })).realtime, false);
  // A hosted project's owner may.
  await superuser.unsafe('alter table realtime.messages owner to project_owner');
  assert.equal((await owner`select convoy.enable_doorbell() as up`)[0].up, true);
  assert.equal((await owner`select convoy.enable_doorbell() as up`)[0].up, true);
  assert.equal((await owner`select count(*)::int as n from pg_policies where schemaname = 'realtime'`)[0].n, 1);
});

describe('ringing', () => {
  test('once for each transaction and scope, with nothing but its number', async () => {
    const [one, two] = [await project.newWorkspace(ada, 3), await project.newWorkspace(ada, 1)];
    let xid;
    const messages = await heard(() => owner.begin(async (sql) => {
      [{ xid }] = await sql`select pg_current_xact_id()::text as xid`;
      await sql`update tasks set title = 'a' where milestone_id = ${one.milestone}`;
      await sql`update tasks set title = 'b' where milestone_id in (${one.milestone}, ${two.milestone})`;
      await sql`insert into tasks (milestone_id, title) values (${one.milestone}, 'c')`;
      await sql`delete from tasks where milestone_id = ${one.milestone}`;
    }));
    assert.deepEqual(messages, [one.workspace, two.workspace].sort().map((scope) => ({ topic: topic(scope), payload: { xid }, event: 'changed', private: true })));
    assert.equal((await heard(() => owner`update tasks set title = 'd' where id = ${two.tasks[0]}`)).length, 1, 'and again in the next');
  });

  test('both scopes of a row that moves', async () => {
    const [from, to] = [await project.newWorkspace(ada, 1), await project.newWorkspace(ada, 0)];
    const messages = await heard(() => owner`update tasks set milestone_id = ${to.milestone} where id = ${from.tasks[0]}`);
    assert.deepEqual(messages.map((m) => m.topic), [from.workspace, to.workspace].map(topic).sort());
  });

  test('a push rings; nothing changed, nothing rung', async () => {
    const w = await project.newWorkspace(ada, 1);
    const { epoch } = await ada.pull({ client: uuid() });
    const messages = await heard(() => pusher(ada, { epoch }).push([insert('tasks', uuid(), { milestone_id: w.milestone, title: 'T' })]));
    assert.deepEqual(messages.map((m) => m.topic), [topic(w.workspace)]);
    assert.deepEqual(await heard(() => owner`update tasks set title = 'x' where false`), []);
    assert.deepEqual(await heard(() => owner`select convoy.gc('0')`), []);
  });

  test('what a savepoint takes back is rung again when it is done again', async () => {
    const w = await project.newWorkspace(ada, 1);
    const messages = await heard(() => owner.begin(async (sql) => {
      await sql.savepoint(async (nested) => {
        await nested`update tasks set title = 'a' where id = ${w.tasks[0]}`;
        throw new Error('back');
      }).catch(() => {});
      await sql`update tasks set title = 'b' where id = ${w.tasks[0]}`;
    }));
    assert.equal(messages.length, 1);
    assert.deepEqual(await heard(() => owner.begin(async (sql) => { await sql`update tasks set title = 'c'`; throw new Error('back'); }).catch(() => {})), []);
  });

  test('hundreds of doors at once are not rung', async () => {
    const messages = await heard(() => owner.begin(async (sql) => {
      await sql`insert into workspaces (id, name) select gen_random_uuid(), 'W' from generate_series(1, 700)`;
      await sql`insert into workspaces (id, name) select gen_random_uuid(), 'W' from generate_series(1, 700)`;
    }));
    assert.equal(messages.length, 500);
    await owner`delete from workspaces where name = 'W'`;
  });
});

describe('who may listen', () => {
  const may = (person, scope) => person.run(async (sql) => {
    await sql`select set_config('realtime.topic', ${scope}, true)`;
    return (await sql`select count(*)::int as n from realtime.messages where topic = ${scope}`)[0].n > 0;
  });
  test('whoever has the scope, and only to Convoy\'s channels', async () => {
    const w = await project.newWorkspace(ada, 1);
    await owner`insert into workflows (name) values ('everybody hears')`;
    await superuser`insert into realtime.messages (topic, extension) values (${w.workspace}, 'broadcast'), ('convoy:', 'broadcast'), ('other', 'broadcast'),
      (${topic(ada.id)}, 'presence')`;
    assert.deepEqual([await may(ada, topic(w.workspace)), await may(bob, topic(w.workspace)), await may(bob, topic(GLOBAL))], [true, false, true]);
    for (const other of [w.workspace, 'convoy:', 'other', topic(ada.id)]) assert.equal(await may(ada, other), false, other);
    await owner`insert into workspace_members (workspace_id, user_id) values (${w.workspace}, ${bob.id})`;
    assert.equal(await may(bob, topic(w.workspace)), true);
    await owner`delete from workspace_members where user_id = ${bob.id}`;
    assert.equal(await may(bob, topic(w.workspace)), false);
  });
});

describe('never in a writer\'s way', () => {
  const broken = (body) => superuser.unsafe(`create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
    returns void language plpgsql as $$ begin ${body} end $$`);
  test('a bell that fails, or is gone', async () => {
    const w = await project.newWorkspace(ada, 1);
    const title = async () => (await owner`select title from tasks where id = ${w.tasks[0]}`)[0].title;
    for (const code of ['P0001', '53200', '40001', '55P03']) {
      await broken(`raise exception 'out of order' using errcode = '${code}';`);
      await owner`update tasks set title = ${code} where id = ${w.tasks[0]}`;
      assert.equal(await title(), code);
    }
    await superuser.unsafe('drop function realtime.send(jsonb, text, text, boolean)');
    await owner`update tasks set title = 'gone' where id = ${w.tasks[0]}`;
    assert.equal(await title(), 'gone');
  });

  test('but a write that is cancelled is cancelled', async () => {
    const w = await project.newWorkspace(ada, 1);
    await broken('perform pg_advisory_xact_lock(7);');
    const [blocker, writer] = [await project.session(), await project.session()];
    const [{ pid }] = await writer`select pg_backend_pid() as pid`;
    await blocker`select pg_advisory_lock(7)`;
    const failed = assert.rejects(writer`update tasks set title = 'x' where id = ${w.tasks[0]}`, { code: '57014' });
    await until(async () => (await owner`select cardinality(pg_blocking_pids(${pid})) as n`)[0].n > 0);
    await owner`select pg_cancel_backend(${pid})`;
    await failed;
    await blocker`select pg_advisory_unlock(7)`;
    assert.equal((await owner`select title from tasks where id = ${w.tasks[0]}`)[0].title, 'Task');
  });

  test('taken down, it is silent, and goes up again', async () => {
    await owner`select convoy.disable_doorbell()`;
    assert.equal((await ada.hello({ client: uuid() })).realtime, false);
    assert.deepEqual(await heard(() => project.newWorkspace(ada, 1)), []);
    assert.equal((await owner`select count(*)::int as n from pg_policies where schemaname = 'realtime'`)[0].n, 0);
    await owner`select convoy.enable_doorbell()`;
    assert.equal((await ada.hello({ client: uuid() })).realtime, true);
  });
});
