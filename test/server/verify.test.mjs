// convoy_verify: hashes that agree exactly when a device holds what the server would show it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createProject, GLOBAL, mutation, stopPostgres, uuid } from './project.mjs';
import { Device } from './device.mjs';
import { ask, bucketOf, canonical, columnsOf, hashes, hex, rowHash } from './hashes.mjs';

let project, owner, ada, bob;
before(async () => {
  project = await createProject();
  ({ owner } = project);
  [ada, bob] = [await project.newPerson(), await project.newPerson()];
});
after(async () => { await project.end(); await stopPostgres(); });

describe('a device that is right', () => {
  test('has the server\'s hashes, in every scope', async () => {
    const w = await project.newWorkspace(ada, 20);
    await owner`insert into activity_feed (task_id, activity_type, details) values (${w.tasks[0]}, 'NOTE', ${owner.json({ text: 'é "quoted"\n\t\\ \u0001 日本 \u007f', n: [1, null, true, { b: 1, a: {} }], e: [] })})`;
    await owner`insert into workflows (name, stages) values ('W', '["a", {"b": []}]')`;
    // Rows that were elsewhere before, and rows that were once here.
    const other = await project.newWorkspace(ada, 2);
    await owner`update tasks set milestone_id = ${w.milestone} where id = ${other.tasks[0]}`;
    await owner`delete from tasks where id in (${w.tasks[1]}, ${other.tasks[1]})`;
    const device = await new Device(ada).sync();
    for (const scope of device.scopes.keys()) {
      const reply = await ask(device, scope);
      assert.deepEqual([reply.status, reply.behind], ['ok', false]);
      assert.deepEqual(reply.tables, hashes(device, scope));
    }
    assert.ok(hashes(device, w.workspace).find((t) => t.table === 'tasks').rows === 20);
  });

  test('every type has one form', async () => {
    await owner.unsafe(`create domain short as text; create type mood as enum ('fine');
      create table forms (id text primary key, b boolean, i2 smallint, i4 int, i8 bigint, n numeric, f4 real, f8 float8, t text, u uuid, at timestamptz, lt timestamp,
        d date, raw bytea, doc jsonb, old json, tags text[], nums numeric[], span interval, m mood, s short);
      grant all on forms to authenticated; select convoy.enable('forms')`);
    const names = ['b', 'i2', 'i4', 'i8', 'n', 'f4', 'f8', 't', 'u', 'at', 'lt', 'd', 'raw', 'doc', 'old', 'tags', 'nums', 'span', 'm', 's'];
    // As in the page's table.
    const cases = {
      'id "1"\n': [
        [true, -1, 0, '9223372036854775807', '1.10', 0.1, '1e20', 'a"b\\c\n\u0001é', '6F9619FF-8B86-D011-B42D-00C04FC964FF', '2026-11-22T10:46:02.95Z',
          '2026-11-22T10:46:02', '2026-11-22', '\\x00FF', '{"b":1.50,"aa":[1,2e2],"a":null}', '{"b":1,"a":2}', '{a,NULL}', '{1.0,2}', '1 day', 'fine', 'x'],
        ['true', '-1', '0', '9223372036854775807', '1.1', '0.1', '100000000000000000000', '"a\\"b\\\\c\\n\\u0001é"', '"6f9619ff-8b86-d011-b42d-00c04fc964ff"',
          '"2026-11-22T10:46:02.95+00:00"', '"2026-11-22T10:46:02"', '"2026-11-22"', '"\\\\x00ff"', '{"a": null, "b": 1.50, "aa": [1, 200]}', '{"a": 2, "b": 1}',
          '["a", null]', '[1.0, 2]', '"1 day"', '"fine"', '"x"']],
      2: [
        [false, null, null, '-5', 'NaN', '1e-7', '-1.5e-7', '', null, 'infinity', '-infinity', '0044-03-15 BC', '\\x', 'null', '"text"', '{}', '{{1},{2}}', null, null, null],
        ['false', 'null', 'null', '-5', '"NaN"', '0.0000001', '-0.00000015', '""', 'null', '"infinity"', '"-infinity"', '"0044-03-15 BC"', '"\\\\x"', 'null', '"text"',
          '[]', '[[1], [2]]', 'null', 'null', 'null']],
      3: [
        [null, null, null, null, '-0.00', 'NaN', '-0', null, null, '2026-01-01T00:00:00.000001Z', null, null, null, '[]', null, null, null, null, null, null],
        ['null', 'null', 'null', 'null', '0', 'null', '0', 'null', 'null', '"2026-01-01T00:00:00.000001+00:00"', 'null', 'null', 'null', '[]', 'null', 'null', 'null',
          'null', 'null', 'null']],
    };
    for (const [id, [values]] of Object.entries(cases)) {
const literals = [id, ...values].map((value) => (value === null ? 'null' : `'${String(value).replaceAll("'", "''")}'`));
      await owner.unsafe(`insert into forms values (${literals.join(', ')})`);
    }
    const device = await new Device(ada).sync();
    const { buckets } = await ask(device, GLOBAL, { table: 'forms', columns: { forms: names } });
    assert.deepEqual(buckets, Object.entries(cases).map(([id, [, texts]]) => [bucketOf(id), 1, hex(rowHash(id, texts))]).sort(([a], [b]) => a - b));
    await owner`select convoy.disable('forms')`;
  });

  test('the order of the columns is the request\'s; no columns are just ids', async () => {
    const id = uuid(), bank = uuid();
    await owner`insert into workflows (id, name, description) values (${id}, 'N', 'D')`;
    const device = await new Device(bob).sync();
    for (const [names, texts] of [[['name', 'description'], ['"N"', '"D"']], [['description', 'name'], ['"D"', '"N"']], [[], []]]) {
      const { buckets } = await ask(device, GLOBAL, { table: 'workflows', columns: { workflows: names } });
      const others = (await owner`select id, name, description from workflows where id <> ${id}`).filter((o) => bucketOf(o.id) === bucketOf(id));
      assert.equal(others.length, 0, 'the ids are random; run again');
      assert.deepEqual(buckets.find(([n]) => n === bucketOf(id)), [bucketOf(id), 1, hex(rowHash(id, texts))]);
    }
    await owner`delete from workflows where id in (${id}, ${bank})`;
  });
});

describe('a device that is wrong', () => {
  test('finds the bucket, and gets its rows', async () => {
    const w = await project.newWorkspace(ada, 40);
    const device = await new Device(ada).sync();
    const names = columnsOf(device).tasks;
    const [changed, lost] = w.tasks;
    const invented = uuid();
    device.table('tasks').get(changed).values.title = 'bit rot';
    device.table('tasks').set(invented, { scope: w.workspace, values: device.table('tasks').get(changed).values });
    device.table('tasks').delete(lost);
    const theirs = (await ask(device, w.workspace)).tables.find((t) => t.table === 'tasks');
    assert.notEqual(theirs.hash, hashes(device, w.workspace).find((t) => t.table === 'tasks').hash);

    const { buckets } = await ask(device, w.workspace, { table: 'tasks' });
    assert.equal(buckets.reduce((n, [, rows]) => n + rows, 0), 40);
    const mine = new Map();
    for (const [id, row] of device.table('tasks')) {
      if (row.scope !== w.workspace) continue;
      const [rows, hash] = mine.get(bucketOf(id)) ?? [0, 0n];
      mine.set(bucketOf(id), [rows + 1, hash ^ rowHash(id, names.map((name) => canonical(row.values[name])))]);
    }
    const server = new Map(buckets.map(([n, rows, hash]) => [n, `${rows} ${hash}`]));
    const bad = Array.from({ length: 256 }, (_, n) => n).filter((n) => server.get(n) !== (mine.has(n) ? `${mine.get(n)[0]} ${hex(mine.get(n)[1])}` : undefined));
    assert.deepEqual(bad, [...new Set([changed, lost, invented].map(bucketOf))].sort((a, b) => a - b));

    const { changes } = await ask(device, w.workspace, { table: 'tasks', buckets: bad });
    for (const [id, row] of [...device.table('tasks')]) if (row.scope === w.workspace && bad.includes(bucketOf(id))) device.table('tasks').delete(id);
    device.apply(changes);
    assert.deepEqual(changes.flatMap((c) => c.gone), []);
    assert.deepEqual(device.content(), await device.truth());
    assert.deepEqual((await ask(device, w.workspace)).tables, hashes(device, w.workspace));
  });

  test('rows that RLS began to hide without a word are found', async () => {
    await owner.unsafe(`create table secrets (id uuid primary key, owner uuid, body text); alter table secrets enable row level security;
      create policy p on secrets for select to authenticated using (owner = (select auth.uid())); grant all on secrets to authenticated;
      select convoy.enable('secrets', scope_column => 'owner')`);
    await owner`insert into secrets select gen_random_uuid(), ${ada.id}, 'x' || i from generate_series(1, 10) i`;
    const device = await new Device(ada).sync();
    const held = () => hashes(device, ada.id).find((t) => t.table === 'secrets');
    const shown = async (more) => (await ask(device, ada.id, more)).tables.find((t) => t.table === 'secrets');
    assert.deepEqual(await shown(), held());
    await owner.unsafe(`alter policy p on secrets using (owner = (select auth.uid()) and body <> 'x3')`);
    await device.sync();
    assert.deepEqual([(await shown()).rows, held().rows], [9, 10]);
    const { changes } = await ask(device, ada.id, { table: 'secrets', buckets: Array.from({ length: 256 }, (_, n) => n) });
    assert.equal(changes[0].rows.length, 9);
    await owner`select convoy.disable('secrets')`;
  });
});

describe('when there is nothing to compare', () => {
  test('a change the device has not pulled, also one that commits late', async () => {
    const w = await project.newWorkspace(ada, 2);
    const device = await new Device(ada).sync();
    const behind = async () => { const { behind: is, tables } = await ask(device, w.workspace); return [is, tables === undefined]; };
    const slow = await project.session();
    await slow.begin(async (sql) => {
      await sql`update tasks set title = 'slow' where id = ${w.tasks[0]}`;
      await owner`update tasks set title = 'quick' where id = ${w.tasks[1]}`;
      assert.deepEqual(await behind(), [true, true]);
      await device.sync();
      assert.deepEqual(await behind(), [false, false]);
    });
    assert.deepEqual(await behind(), [true, true]);
    await device.sync();
    assert.deepEqual(await behind(), [false, false]);
    await owner`delete from tasks where id = ${w.tasks[1]}`;
    assert.deepEqual(await behind(), [true, true]);
  });

  test('another visibility, or a scope that is not the caller\'s', async () => {
    const w = await project.newWorkspace(ada, 1);
    const device = await new Device(ada).sync();
    const other = await ask(device, w.workspace, { visibility: 'viewer:1' });
    assert.deepEqual([other.behind, other.visibility, other.tables], [true, 'owner:1', undefined]);
    const { epoch } = device;
    for (const more of [{}, { table: 'tasks' }, { table: 'tasks', buckets: [0, 1, 2] }]) {
      const reply = await bob.verify({ client: uuid(), epoch, scope: w.workspace, visibility: 'owner:1', base: device.scopes.get(w.workspace).base, columns: { tasks: ['title'] }, ...more });
      assert.deepEqual(Object.keys(reply).sort(), ['behind', 'epoch', 'protocol', 'scope', 'status', 'visibility']);
      assert.deepEqual([reply.behind, reply.visibility], [true, null]);
    }
  });

  test('reset and stale, as in a pull', async () => {
    const device = await new Device(ada).sync();
    assert.deepEqual([(await ask(device, GLOBAL, { epoch: uuid() })).reason, (await ask(device, GLOBAL, { base: '999999999:999999999:' })).status], ['epoch', 'stale']);
    await owner`update convoy.meta set gc_horizon = '3'`;
    assert.equal((await ask(device, GLOBAL, { base: '3:3:' })).reason, 'horizon');
    await owner`update convoy.meta set gc_horizon = '0'`;
  });

  test('tables the caller may not read and columns there are not', async () => {
    await owner.unsafe(`create table hidden_table (id uuid primary key, a text); revoke all on hidden_table from authenticated; select convoy.enable('hidden_table')`);
    const device = await new Device(ada).sync();
    const reply = await ask(device, GLOBAL, { columns: { hidden_table: ['a'], workflows: ['name', 'colour'], patterns: ['name'], nothing: ['x'] } });
    assert.deepEqual(reply.tables.map((t) => t.table), ['patterns']);
    assert.equal((await ask(device, GLOBAL, { table: 'hidden_table', columns: { hidden_table: ['a'] } })).behind, true);
    await owner`select convoy.disable('hidden_table')`;
  });

  test('malformed requests', async () => {
    const device = await new Device(ada).sync();
    for (const more of [{ columns: undefined }, { columns: [] }, { columns: { tasks: 'title' } }, { base: undefined }, { base: 'x' }, { scope: 'x' }, { table: 'unnamed' },
      { buckets: [1] }, { table: 'tasks', buckets: [256] }, { table: 'tasks', buckets: [-1] }, { table: 'tasks', buckets: ['x'] }, { table: 'tasks', buckets: 7 }, { client: undefined }, { epoch: undefined }]) {
      await assert.rejects(ask(device, GLOBAL, more), { code: 'CV009' }, JSON.stringify(more));
    }
  });
});

describe('large scopes', () => {
  test('more rows than fit into one portion, and more than fit into one answer', async (t) => {
    const w = await project.newWorkspace(ada, 0);
    await owner`insert into tasks (milestone_id, title, description) select ${w.milestone}, 'Task ' || i, repeat('text ', 20) from generate_series(1, 22000) i`;
    await owner`analyze tasks`;
    await owner`analyze convoy.log`;
    const device = await new Device(ada, { limit: 5000 }).sync();
    const start = performance.now();
    const reply = await ask(device, w.workspace, { columns: { tasks: columnsOf(device).tasks } });
    t.diagnostic(`22,000 rows: ${Math.round(performance.now() - start)} ms`);
    assert.deepEqual(reply.tables, hashes(device, w.workspace).filter((h) => h.table === 'tasks'));
    const all = await ask(device, w.workspace, { table: 'tasks', buckets: Array.from({ length: 256 }, (_, n) => n) });
    assert.deepEqual([all.too_many, all.changes], [true, []]);
    const some = await ask(device, w.workspace, { table: 'tasks', buckets: [0, 128, 255] });
    const expected = [...device.table('tasks')].filter(([id, row]) => row.scope === w.workspace && [0, 128, 255].includes(bucketOf(id))).map(([id]) => id).sort();
    assert.deepEqual(some.changes[0].rows.map((r) => r[0]).sort(), expected);
    assert.ok(expected.length > 100);
  });
});
