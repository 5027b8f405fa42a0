// convoy_push: at most once, all or nothing, refused one by one, merged column by column.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createProject, insert, mutation, pusher, remove, stopPostgres, update, uuid } from './project.mjs';
import { until } from '../support/wait.mjs';

let project, owner, ada, bob, epoch;
before(async () => {
  project = await createProject();
  ({ owner } = project);
  [ada, bob] = [await project.newPerson(), await project.newPerson()];
  ({ epoch } = await ada.pull({ client: uuid() }));
  await owner.unsafe(`
    create table counters (id uuid primary key, n int not null default 0 check (n < 100), touched int not null default 0);
    create function count_touch() returns trigger language plpgsql as $$ begin new.touched := old.touched + 1; return new; end $$;
    create trigger touch before update on counters for each row execute function count_touch();
    create table kinds (id uuid primary key, amount numeric, at timestamptz, d date, big bigint, doc jsonb, tags text[], raw bytea,
      f float8, span interval, secret text, shown text, gen int generated always as (1) stored, no bigint generated always as identity,
      server_side text default 'server', owner_note text default 'kept', updated_at timestamptz default now());
    select convoy.enable('counters');
    select convoy.enable('kinds', conflict => 'merge', readonly => '{server_side}', columns => '{"shown": "client_wins"}');
    create table deferred_a (id uuid primary key);
    create table deferred_b (id uuid primary key, a uuid not null references deferred_a deferrable initially deferred);
    select convoy.enable('deferred_a'); select convoy.enable('deferred_b');`);
});
after(async () => { await project.end(); await stopPostgres(); });

const device = (person) => pusher(person, { epoch });
const row = async (table, id) => (await owner`select to_jsonb(x) as j from ${owner(table)} x where id = ${id}`)[0]?.j;

describe('exactly once', () => {
  test('a lost reply: the same push again is answered, not applied', async () => {
    const id = uuid(), d = device(ada);
    const mutations = [mutation(1, [insert('counters', id)]), mutation(2, [update('counters', id, { n: 5 }, { n: 0 })]),
      mutation(3, [update('counters', id, { n: 500 }, { n: 5 })]), mutation(4, [update('counters', id, { n: 7 }, { n: 6 })])];
    const first = await d.raw(mutations);
    assert.deepEqual(first.outcomes.map((o) => o.status), ['applied', 'applied', 'rejected', 'merged']);
    for (let i = 0; i < 3; ++i) {
      const again = await d.raw(mutations);
      assert.deepEqual(again.outcomes, first.outcomes);
      assert.equal(again.last_mid, 4);
    }
    assert.equal((await row('counters', id)).touched, 1);
  });

  test('eight at the same time', async () => {
    const id = uuid(), d = device(ada);
    await d.raw([mutation(1, [insert('counters', id)])]);
    const sessions = await Promise.all(Array.from({ length: 8 }, () => project.session()));
    const m = mutation(2, [update('counters', id, { n: 9 }, { n: 0 })]);
    const replies = await Promise.all(sessions.map((sql) => ada.push({ client: d.client, epoch, mutations: [m] }, { sql })));
    for (const reply of replies) assert.deepEqual(reply.outcomes, [{ mid: 2, status: 'applied' }]);
    assert.equal((await row('counters', id)).touched, 1);
  });

  test('a half-known push: what is new runs, what is known is answered', async () => {
    const id = uuid(), d = device(ada);
    const [one, two] = [mutation(1, [insert('counters', id)]), mutation(2, [update('counters', id, { n: 1 }, { n: 0 })])];
    await d.raw([one]);
    assert.deepEqual((await d.raw([one, two])).outcomes, [{ mid: 1, status: 'applied' }, { mid: 2, status: 'applied' }]);
  });

  test('gap', async () => {
    const d = device(ada);
    const reply = await d.raw([mutation(2, [])]);
    assert.deepEqual([reply.status, reply.last_mid], ['gap', 0]);
  });

  test('forked: another uid under a known number, or a number too old to know', async () => {
    const d = device(ada);
    const sent = Array.from({ length: 70 }, (_, i) => mutation(i + 1, []));
    await d.raw(sent.slice(0, 50));
    await d.raw(sent.slice(50));
    assert.equal((await d.raw([sent[69]])).status, 'ok');
    assert.equal((await d.raw([sent[6]])).status, 'ok');
    const old = await d.raw([sent[5]]);
    assert.deepEqual([old.status, old.last_mid], ['forked', 70]);
    assert.equal((await d.raw([mutation(70, [])])).status, 'forked');
    assert.equal((await d.raw([sent[69], mutation(71, [])])).last_mid, 71);
  });

  test('another user cannot use the device', async () => {
    const d = device(ada);
    await d.raw([mutation(1, [])]);
    await assert.rejects(bob.push({ client: d.client, epoch, mutations: [mutation(2, [])] }), { code: 'CV010' });
    await assert.rejects(bob.pull({ client: d.client }), { code: 'CV010' });
  });

  test('another epoch', async () => {
    const reply = await ada.push({ client: uuid(), epoch: uuid(), mutations: [] });
    assert.deepEqual([reply.status, reply.reason, reply.epoch], ['reset', 'epoch', epoch]);
  });

  test('own writes come back with the next pull, and last_mid with them', async () => {
    const w = await project.newWorkspace(ada, 1);
    const d = device(ada);
    const start = await ada.pull({ client: d.client });
    const scope = { [w.workspace]: start.added[w.workspace] };
    await d.push([update('tasks', w.tasks[0], { title: 'mine' }, { title: 'Task' })]);
    const pulled = await ada.pull({ client: d.client, epoch, scopes: [{ base: start.next, ids: scope }] });
    assert.equal(pulled.last_mid, 1);
    const change = pulled.changes.find((c) => c.table === 'tasks');
    assert.equal(change.rows[0][1 + change.columns.indexOf('title')], 'mine');
  });
});

describe('refused one by one', () => {
  test('every code, with good ones in between', async () => {
    const w = await project.newWorkspace(ada, 2);
    const theirs = await project.newWorkspace(bob, 1);
    const d = device(ada);
    const [good1, good2] = [uuid(), uuid()];
    await owner`insert into workflows (id, name) values (${good1}, 'W')`;
    await owner`delete from tasks where id = ${w.tasks[1]}`;
    const activity = uuid();
    await owner`insert into activity_feed (id, task_id, activity_type) values (${activity}, ${w.tasks[0]}, 'NOTE')`;
    const cases = [
      ['applied', insert('tasks', good1, { milestone_id: w.milestone, title: 'one' })],
      ['CV002', insert('pg_class', uuid())],
      ['CV002', insert('tasks"; drop table tasks; --', uuid())],
      ['CV003', update('tasks', w.tasks[0], { 'title" = null --': 'x' }, {})],
      ['CV003', update('tasks', w.tasks[0], { id: uuid() }, {})],
      ['CV003', insert('kinds', uuid(), { server_side: 'x' })],
      ['CV003', insert('kinds', uuid(), { gen: 2 })],
      ['CV003', insert('kinds', uuid(), { no: 2 })],
      ['CV004', update('tasks', w.tasks[1], { title: 'x' }, { title: 'Task' })],
      ['CV004', update('tasks', theirs.tasks[0], { title: 'x' }, { title: 'Task' })],
      ['CV004', update('tasks', uuid(), { title: 'x' }, {})],
      ['CV005', insert('tasks', w.tasks[1], { milestone_id: w.milestone, title: 'x' })],
      ['CV006', update('workflows', good1, { name: 'x' }, {})],
      ['CV007', update('activity_feed', activity, { activity_type: 'x' }, {})],
      ['CV007', insert('activity_feed', activity, { task_id: w.tasks[0], activity_type: 'x' })],
      ['CV007', remove('activity_feed', activity)],
      ['CV008', { op: 'upsert', table: 'tasks', id: uuid() }],
      ['CV008', { op: 'update', table: 'tasks', values: {} }],
      ['CV008', { op: 'update', table: 'tasks', id: uuid(), values: [] }],
      ['CV008', 'nonsense'],
      ['22P02', update('tasks', 'not a uuid', { title: 'x' }, {})],
      ['22P02', update('tasks', w.tasks[0], { milestone_id: 'not a uuid' }, {})],
      ['22P02', insert('tasks', 'not a uuid', { milestone_id: w.milestone, title: 'x' })],
      ['23502', insert('tasks', uuid(), { milestone_id: w.milestone, title: null })],
      ['23503', insert('activity_feed', uuid(), { task_id: uuid(), activity_type: 'x' }), ['42501']],
      ['23514', insert('task_dependencies', uuid(), { task_id: w.tasks[0], depends_on_task_id: w.tasks[0] })],
      ['23505', insert('tasks', theirs.tasks[0], { milestone_id: w.milestone, title: 'x' })],
      ['42501', insert('tasks', uuid(), { milestone_id: theirs.milestone, title: 'x' })],
      ['42501', remove('tasks', theirs.tasks[0])],
      ['applied', remove('tasks', w.tasks[1])],
      ['applied', remove('tasks', uuid())],
      ['applied', insert('tasks', good2, { milestone_id: w.milestone, title: 'two' })],
    ];
    const outcomes = await d.push(...cases.map(([, op]) => [op]));
    cases.forEach(([expected, op, or = []], i) => {
      const got = outcomes[i].code ?? outcomes[i].status;
      assert.ok(got === expected || or.includes(got), `${JSON.stringify(op)}: expected ${expected}, got ${JSON.stringify(outcomes[i])}`);
      if (outcomes[i].status === 'rejected' && typeof op === 'object' && op.id) {
        assert.deepEqual([outcomes[i].table, outcomes[i].id], [op.table, op.id]);
      }
    });
    assert.ok(await row('tasks', good1));
    assert.ok(await row('tasks', good2));
    assert.equal((await row('tasks', theirs.tasks[0])).title, 'Task');
    assert.equal(outcomes.find((o) => o.code === '23514').constraint, 'task_dependencies_not_itself');
    assert.equal(outcomes.find((o) => o.code === '23502').column, 'title');
  });

  test('a mutation with one bad operation leaves nothing', async () => {
    const w = await project.newWorkspace(ada, 1);
    const id = uuid();
    const [outcome] = await device(ada).push([insert('tasks', id, { milestone_id: w.milestone, title: 'x' }), remove('tasks', w.tasks[0]),
      update('tasks', uuid(), { title: 'x' }, {})]);
    assert.equal(outcome.code, 'CV004');
    assert.equal(await row('tasks', id), undefined);
    assert.ok(await row('tasks', w.tasks[0]));
  });

  test('text Postgres cannot read spoils its own mutation only', async () => {
    const w = await project.newWorkspace(ada, 1);
    const client = uuid(), id = uuid();
    const bad = (mid, body) => ({ mid, uid: uuid(), body });
    const good = JSON.stringify({ ops: [insert('tasks', id, { milestone_id: w.milestone, title: 'good' })] });
    const { outcomes } = await ada.push({ client, epoch, mutations: [
      bad(1, `{"ops":[{"op":"update","table":"tasks","id":"${w.tasks[0]}","values":{"title":"a\\u0000b"}}]}`),
      bad(2, `{"ops":[{"op":"update","table":"tasks","id":"${w.tasks[0]}","values":{"title":"\\ud800"}}]}`),
      bad(3, '{"ops":'), bad(4, '[]'), bad(5, '{"ops":7}'), bad(6, '{}'), bad(7, good)] });
    assert.deepEqual(outcomes.map((o) => o.code ?? o.status), [...Array(6).fill('CV008'), 'applied']);
    assert.ok(await row('tasks', id));
  });

  test('a deferred constraint counts as part of its mutation', async () => {
    const [a, b, b2] = [uuid(), uuid(), uuid()];
    const outcomes = await device(ada).push([insert('deferred_b', b, { a }), insert('deferred_a', a)], [insert('deferred_b', b2, { a: uuid() })],
      [insert('counters', uuid())]);
    assert.deepEqual(outcomes.map((o) => o.code ?? o.status), ['applied', '23503', 'applied']);
    assert.deepEqual([...await owner`select * from convoy.audit()`], []);
  });

  test('a lock that lasts fails the whole call, and nothing is remembered', async () => {
    const id = uuid(), d = device(ada), first = uuid();
    await d.push([insert('counters', id)]);
    const blocker = await project.session(), pusher = await project.session();
    const m = [mutation(2, [insert('counters', first)]), mutation(3, [update('counters', id, { n: 3 }, { n: 0 })])];
    await blocker.begin(async (sql) => {
      await sql`update counters set n = 1 where id = ${id}`;
      // The function's own limit is five seconds; this one is the caller's cancellation, of another retryable class.
      const [{ pid }] = await pusher`select pg_backend_pid() as pid`;
      const pushing = ada.push({ client: d.client, epoch, mutations: m }, { sql: pusher });
      const failed = assert.rejects(pushing, { code: '57014' });
      await until(async () => (await owner`select cardinality(pg_blocking_pids(${pid})) as n`)[0].n > 0);
      await owner`select pg_cancel_backend(${pid})`;
      await failed;
    });
    assert.equal(await row('counters', first), undefined);
    const again = await d.raw(m);
    assert.deepEqual(again.outcomes.map((o) => o.status), ['applied', 'merged']);
  });

  test('errors of a class that passes are not recorded as a refusal', async () => {
    await owner.unsafe(`create table moody (id uuid primary key, code text);
      create function moody() returns trigger language plpgsql as $$ begin raise exception 'mood' using errcode = new.code; end $$;
      create trigger moody before insert on moody for each row execute function moody();
      grant all on moody to authenticated; select convoy.enable('moody')`);
    for (const code of ['40001', '40P01', '53200', '55P03', '57014', '58030', '08006', 'XX000']) {
      const d = device(ada);
      await assert.rejects(d.raw([mutation(1, [insert('moody', uuid(), { code })])]), { code });
      assert.equal((await ada.pull({ client: d.client })).last_mid, 0);
    }
    assert.equal((await device(ada).push([insert('moody', uuid(), { code: 'P0001' })]))[0].code, 'P0001');
  });

  test('malformed requests and limits', async () => {
    const client = uuid();
    const bad = [
      [{ client: 'x', epoch, mutations: [] }, 'CV009'], [{ epoch, mutations: [] }, 'CV009'], [{ client, epoch: 'x', mutations: [] }, 'CV009'],
      [{ client, epoch }, 'CV009'], [{ client, epoch, mutations: {} }, 'CV009'], [{ client, epoch, mutations: [{ mid: 0, uid: uuid(), body: '' }] }, 'CV009'],
      [{ client, epoch, mutations: [mutation(1, []), mutation(3, [])] }, 'CV009'], [{ client, epoch, mutations: [{ mid: 1, body: '' }] }, 'CV009'],
      [{ client, epoch, mutations: Array.from({ length: 51 }, (_, i) => mutation(i + 1, [])) }, 'CV009'],
      [{ client, epoch, mutations: [mutation(1, [insert('tasks', uuid(), { title: 'x'.repeat(4_200_000) })])] }, 'CV009'],
      [{ client, epoch, protocol: 2, mutations: [] }, 'CV001'], [{ client, epoch, protocol: '1', mutations: [] }, 'CV001'],
    ];
    for (const [req, code] of bad) await assert.rejects(ada.push(req), { code }, JSON.stringify(req).slice(0, 100));
    const first = await ada.push({ client, mutations: [] });
    assert.deepEqual([first.status, first.epoch], ['ok', epoch], 'a device that never pulled knows no epoch, and learns it');
    const unprotocolled = await ada.run((sql) => sql.unsafe(`select convoy_push('{}')`)).catch((error) => error);
    assert.equal(unprotocolled.code, 'CV001');
  });
});

describe('merging', () => {
  const fresh = async (values = {}) => {
    const id = uuid();
    const [outcome] = await device(ada).push([insert('kinds', id, values)]);
    assert.equal(outcome.status, 'applied', JSON.stringify(outcome));
    return id;
  };

  test('different columns of one row both survive', async () => {
    const w = await project.newWorkspace(ada, 1);
    await device(ada).push([update('tasks', w.tasks[0], { title: 'A' }, { title: 'Task' })]);
    const [outcome] = await device(ada).push([update('tasks', w.tasks[0], { status: 'DONE' }, { status: 'TODO' })]);
    assert.deepEqual(outcome, { mid: 1, status: 'applied' });
    const { title, status } = await row('tasks', w.tasks[0]);
    assert.deepEqual([title, status], ['A', 'DONE']);
  });

  test('the same column: the server keeps its value and says so', async () => {
    const w = await project.newWorkspace(ada, 1);
    await owner`update tasks set title = 'Theirs' where id = ${w.tasks[0]}`;
    const [outcome] = await device(ada).push([update('tasks', w.tasks[0], { title: 'Mine', status: 'DONE' }, { title: 'Task', status: 'TODO' })]);
    assert.deepEqual(outcome, { mid: 1, status: 'merged', conflicts: [{ table: 'tasks', id: w.tasks[0], column: 'title', base: 'Task',
      client: 'Mine', server: 'Theirs', kept: 'server', rule: 'server_wins' }] });
    const { title, status } = await row('tasks', w.tasks[0]);
    assert.deepEqual([title, status], ['Theirs', 'DONE']);
  });

  test('the same new value is no conflict', async () => {
    const w = await project.newWorkspace(ada, 1);
    await owner`update tasks set title = 'Both' where id = ${w.tasks[0]}`;
    const [outcome] = await device(ada).push([update('tasks', w.tasks[0], { title: 'Both' }, { title: 'Task' })]);
    assert.equal(outcome.status, 'applied');
  });

  test('client_wins takes it, and still says so', async () => {
    const id = await fresh({ shown: 'a' });
    await owner`update kinds set shown = 'b' where id = ${id}`;
    const [outcome] = await device(ada).push([update('kinds', id, { shown: 'c' }, { shown: 'a' })]);
    assert.deepEqual([outcome.conflicts[0].kept, outcome.conflicts[0].rule, outcome.conflicts[0].server], ['client', 'client_wins', 'b']);
    assert.equal((await row('kinds', id)).shown, 'c');
  });

  test('values are compared in the column\'s own type', async () => {
    const id = await fresh({ amount: '1.10', at: '2026-01-01T00:00:00Z', doc: { a: 1, b: [2] }, tags: ['x'], raw: '\\x0aff', big: '9007199254740993',
      f: 'NaN', d: '2026-02-03', span: '1 day' });
    const base = { amount: 1.1, at: '2026-01-01T05:30:00+05:30', doc: { b: [2], a: 1.0 }, tags: '{x}', raw: '\\x0AFF', big: '9007199254740993',
      f: 'nan', d: '2026-02-03', span: '1 day' };
    const values = { amount: '2', at: '2026-01-02T00:00:00.123456Z', doc: 'text', tags: ['y', null], raw: '\\x', big: '-9223372036854775808',
      f: '-Infinity', d: '4713-01-01 BC', span: '2 mons' };
    const [outcome] = await device(ada).push([update('kinds', id, values, base)]);
    assert.deepEqual(outcome, { mid: 1, status: 'applied' });
    const [now] = await owner`select amount::text, at at time zone 'UTC' = '2026-01-02T00:00:00.123456' as at, doc, tags::text, raw::text, big::text, f::text,
      d::text, span::text from kinds where id = ${id}`;
    assert.deepEqual({ ...now }, { amount: '2', at: true, doc: 'text', tags: '{y,NULL}', raw: '\\x', big: '-9223372036854775808', f: '-Infinity',
      d: '4713-01-01 BC', span: '2 mons' });
  });

  test('null is a value', async () => {
    const id = await fresh({ secret: 'x' });
    let [outcome] = await device(ada).push([update('kinds', id, { secret: null }, { secret: 'x' })]);
    assert.equal(outcome.status, 'applied');
    [outcome] = await device(ada).push([update('kinds', id, { secret: 'y' }, { secret: null })]);
    assert.equal(outcome.status, 'applied');
    [outcome] = await device(ada).push([update('kinds', id, { secret: 'z' }, { secret: null })]);
    assert.deepEqual([outcome.status, outcome.conflicts[0].server, outcome.conflicts[0].base], ['merged', 'y', null]);
  });

  test('latest: the later time, silently, and never one after the server\'s clock', async () => {
    const id = await fresh();
    const old = '2020-01-01T00:00:00+00:00';
    await owner`update kinds set updated_at = '2024-06-01Z' where id = ${id}`;
    let [outcome] = await device(ada).push([update('kinds', id, { updated_at: '2023-01-01Z' }, { updated_at: old })]);
    assert.deepEqual(outcome, { mid: 1, status: 'applied' });
    assert.match((await row('kinds', id)).updated_at, /^2024-06-01/);
    [outcome] = await device(ada).push([update('kinds', id, { updated_at: '2025-01-01Z' }, { updated_at: old })]);
    assert.match((await row('kinds', id)).updated_at, /^2025-01-01/);
    await device(ada).push([update('kinds', id, { updated_at: '2999-01-01Z' }, { updated_at: old })]);
    assert.equal((await owner`select updated_at between now() - interval '1 minute' and now() as ok from kinds where id = ${id}`)[0].ok, true);
    [outcome] = await device(ada).push([update('kinds', id, { updated_at: 'infinity' }, {})]);
    assert.equal((await owner`select updated_at < now() as ok from kinds where id = ${id}`)[0].ok, true);
  });

  test('an insert of a row that is there already changes the given columns', async () => {
    const id = await fresh({ secret: 'x' });
    const [outcome] = await device(ada).push([insert('kinds', id, { shown: 'new' })]);
    assert.equal(outcome.status, 'applied');
    const { secret, shown } = await row('kinds', id);
    assert.deepEqual([secret, shown], ['x', 'new']);
  });

  test('columns that were not given get their defaults', async () => {
    const { server_side, owner_note, gen, no } = await row('kinds', await fresh());
    assert.deepEqual([server_side, owner_note, gen], ['server', 'kept', 1]);
    assert.ok(no > 0);
  });

  test('two devices race for one column: one wins, the other is told', async () => {
    const w = await project.newWorkspace(ada, 1);
    const sessions = [await project.session(), await project.session()];
    const replies = await Promise.all(sessions.map((sql, i) => ada.push({ client: uuid(), epoch,
      mutations: [mutation(1, [update('tasks', w.tasks[0], { title: `D${i}` }, { title: 'Task' })])] }, { sql })));
    assert.deepEqual(replies.map((r) => r.outcomes[0].status).sort(), ['applied', 'merged']);
  });

  test('a caller with rights to some columns writes those', async () => {
    await owner.unsafe(`create table partly (id uuid primary key, a text, b text, c text);
      grant insert, update on partly to authenticated; revoke select on partly from authenticated;
      grant select (id, a) on partly to authenticated; revoke update on partly from authenticated; grant update (a, b) on partly to authenticated;
      select convoy.enable('partly')`);
    const id = uuid();
    const [made, changed, refused] = await device(ada).push([insert('partly', id, { a: '1', b: '1', c: '1' })],
      [update('partly', id, { a: '2', b: '2' }, { a: '1', b: 'unknown' })], [update('partly', id, { c: '2' }, {})]);
    assert.deepEqual([made.status, changed.status, refused.code], ['applied', 'applied', '42501']);
    assert.deepEqual(await row('partly', id), { id, a: '2', b: '2', c: '1' });
    const { schema } = await ada.pull({ client: uuid() });
    assert.deepEqual(schema.tables.find((t) => t.name === 'partly').columns.map((c) => c.name), ['a']);
  });
});

test('a new workspace, its first project and task in one mutation, by somebody who is no member of it yet', async () => {
  const [w, p, m, t] = [uuid(), uuid(), uuid(), uuid()];
  const [outcome] = await device(ada).push([insert('workspaces', w, { name: 'W' }), insert('projects', p, { workspace_id: w, name: 'P' }),
    insert('milestones', m, { project_id: p, name: 'M' }), insert('tasks', t, { milestone_id: m, title: 'T' })]);
  assert.deepEqual(outcome, { mid: 1, status: 'applied' });
  const { added } = await ada.pull({ client: uuid() });
  assert.match(added[w], /^owner:/);
});

test('triggers of the application run with the names they are used to', async () => {
  await owner.unsafe(`create table trail (what text); grant all on trail to authenticated;
    create table loud (id uuid primary key, a text); grant all on loud to authenticated;
    create function loud() returns trigger language plpgsql as $$ begin insert into trail values (new.a); return new; end $$;
    create trigger loud after insert on loud for each row execute function loud(); select convoy.enable('loud')`);
  const [outcome] = await device(ada).push([insert('loud', uuid(), { a: 'heard' })]);
  assert.equal(outcome.status, 'applied', JSON.stringify(outcome));
});
