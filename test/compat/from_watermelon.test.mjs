/** A file that the real WatermelonDB wrote, opened in Convoy. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../support/temporary.mjs';
import { closeWatermelon, openWatermelon, synchronize } from '../support/watermelon.mjs';
import { openInConvoy, unavailable } from './convoy_file.mjs';
import { naughtyStrings, numbers, operationsOf, references, rowsOf, schema, someTask, unsynced } from './tasks.mjs';

const folder = temporaryDirectory('from-watermelon');
let count = 0;

/** Runs `work(database)` in a new file's WatermelonDB; gives the file, and what WatermelonDB itself says of it. */
async function writeInWatermelon(work) {
  const path = join(folder, `${++count}.db`);
  const database = await openWatermelon(path, { schema });
  const result = await work(database);
  const facts = { path, result, rows: await rowsOf(database), changes: await unsynced(database) };
  closeWatermelon(database);
  return facts;
}

const create = (database, table, values) => database.get(table).prepareCreate((record) => {
  if (values.id) record._raw.id = values.id;
  const { id, ...columns } = values;
  Object.assign(record, columns);
});

/** The rows that a first sync brings. */
const pull = (database, changes, timestamp = 1000) => synchronize({
  database,
  pullChanges: async () => ({
    timestamp,
    changes: Object.fromEntries(Object.entries(changes).map(([table, rows]) =>
      [table, { created: [], deleted: [], updated: rows }])),
  }),
  sendCreatedAsUpdated: true,
});

test('every value reads in Convoy as it was written in WatermelonDB', { skip: unavailable }, async () => {
  const { path, rows } = await writeInWatermelon((database) => database.write(() => database.batch(
    create(database, 'projects', { id: 'p', name: 'Values' }),
    ...naughtyStrings.map((text) => create(database, 'tasks', { project_id: 'p', title: text, notes: text })),
    ...numbers.map((number) => create(database, 'tasks', { project_id: 'p', rank: number, weight: number })),
    ...[true, false].map((flag) => create(database, 'tasks', { project_id: 'p', is_done: flag, is_starred: flag })),
    create(database, 'tasks', { project_id: 'p' }), // Defaults and nulls only.
    create(database, 'tasks', { project_id: 'p', rank: -0, weight: -0 }),
  )));
  assert.equal(rows.tasks.length, naughtyStrings.length + numbers.length + 4);
  const found = openInConvoy(path, schema, references);
  assert.deepEqual(found.tables, rows);
  for (const row of found.tables.tasks) assert.ok(!Object.is(row.rank, -0));

  // And so they are in the outbox.
  const inserted = new Map(operationsOf(found).map((operation) => [operation.id, operation]));
  for (const table of ['tasks', 'projects']) {
    for (const { id, _status, _changed, created_at, updated_at, ...values } of rows[table]) {
      const { created_at: created, updated_at: updated, ...sent } = inserted.get(id).values;
      assert.deepEqual(sent, values);
      assert.deepEqual([created, updated], [created_at, updated_at]);
    }
  }
});

test('what WatermelonDB had not synced is in the outbox, once, in an order the server can follow', { skip: unavailable }, async () => {
  const { path, rows, changes } = await writeInWatermelon(async (database) => {
    await pull(database, {
      projects: [{ id: 'p', name: 'Pulled' }, { id: 'q', name: 'Pulled too' }],
      tasks: ['same', 'once', 'twice', 'gone', 'destroyed', 'parent', 'child'].map((id) =>
        someTask(id, id === 'child' ? { parent_id: 'parent' } : {})),
    });
    const find = (id) => database.get('tasks').find(id);
    await database.write(async () => {
      // Children before their parents, within a table and across tables.
      await database.batch(
        create(database, 'tasks', { id: 'new-grandchild', project_id: 'new', parent_id: 'new-child', title: 'c' }),
        create(database, 'tasks', { id: 'new-child', project_id: 'new', parent_id: 'new-task', title: 'b' }),
        create(database, 'tasks', { id: 'new-task', project_id: 'new', title: 'a' }),
        create(database, 'projects', { id: 'new', name: 'New' }),
      );
      await (await find('new-task')).update((task) => { task.title = 'a, changed'; });
      await (await find('once')).update((task) => { task.title = 'Changed'; });
      const twice = await find('twice');
      await twice.update((task) => { task.title = 'First'; task.weight = 2.5; });
      await twice.update((task) => { task.title = 'Second'; task.is_done = true; task.notes = ''; });
      await (await find('gone')).markAsDeleted();
      // A parent before its child.
      const parent = await find('parent'), child = await find('child');
      await parent.markAsDeleted();
      await child.markAsDeleted();
      await (await find('destroyed')).destroyPermanently();
      // Made and marked before anything was sent.
      const brief = await database.get('projects').create((project) => { project._raw.id = 'brief'; });
      await brief.markAsDeleted();
    });
  });
  assert.deepEqual(changes.tasks.updated.map(({ id }) => id).sort(), ['once', 'twice'], 'the scene is as meant');
  assert.deepEqual(changes.tasks.deleted.toSorted(), ['child', 'gone', 'parent']);

  const found = openInConvoy(path, schema, references);
  // What was changed after its creation, and before anything was sent, belongs to the creation.
  for (const row of rows.tasks) if (row._status === 'created') row._changed = '';
  assert.deepEqual(found.tables, rows);
  const operations = operationsOf(found);
  assert.ok(found.outbox.every(({ state, ops }) => state === 'pending' && ops.length === 1));
  const position = (op, id) => {
    const places = operations.flatMap((operation, i) => (operation.op === op && operation.id === id ? [i] : []));
    assert.equal(places.length, 1, `one ${op} of ${id}`);
    return places[0];
  };
  assert.equal(operations.length, 4 + 2 + 3 + 1);
  assert.ok(position('insert', 'new') < position('insert', 'new-task'));
  assert.ok(position('insert', 'new-task') < position('insert', 'new-child'));
  assert.ok(position('insert', 'new-child') < position('insert', 'new-grandchild'));
  assert.ok(position('delete', 'child') < position('delete', 'parent'));
  assert.equal(operations[position('insert', 'new-task')].values.title, 'a, changed');
  position('delete', 'gone');
  position('delete', 'brief');

  // Only what was changed, with the values WatermelonDB would send.
  for (const raw of changes.tasks.updated) {
    const { values, base } = operations[position('update', raw.id)];
    assert.deepEqual(Object.keys(values).sort(), raw._changed.split(',').sort());
    for (const [name, value] of Object.entries(values)) assert.deepEqual(value, raw[name]);
    assert.equal(base, undefined, 'the server\'s side is not known');
  }
  assert.deepEqual(Object.keys(operations[position('update', 'once')].values).sort(), ['title', 'updated_at']);
  assert.deepEqual(Object.keys(operations[position('update', 'twice')].values).sort(), ['is_done', 'notes', 'title', 'updated_at', 'weight']);

  // Nothing is taken over twice.
  assert.deepEqual(openInConvoy(path, schema, references), found);
});

test('local storage stays, the sync cursor included', { skip: unavailable }, async () => {
  const { path } = await writeInWatermelon(async (database) => {
    await pull(database, { projects: [] }, 1234567890);
    await database.localStorage.set('settings', { theme: 'dark', emoji: '🍉', list: [1, null] });
    await database.localStorage.set('', 'an empty key');
    await database.localStorage.set('removed', 1);
    await database.localStorage.remove('removed');
  });
  const { local_storage: storage, outbox } = openInConvoy(path, schema);
  assert.deepEqual(storage, {
    '': '"an empty key"', __watermelon_last_pulled_at: '1234567890', __watermelon_last_pulled_schema_version: '1',
    settings: JSON.stringify({ theme: 'dark', emoji: '🍉', list: [1, null] }),
  });
  assert.deepEqual(outbox, []);
});

test('text that Postgres can\'t hold is mended, and what was synced is left alone', { skip: unavailable }, async () => {
  const { path, rows } = await writeInWatermelon(async (database) => {
    await pull(database, { tasks: [someTask('synced', { notes: 'a\0b' })] });
    await database.write(() => database.batch(create(database, 'tasks', { id: 'new', project_id: 'p', notes: 'a\0b' })));
  });
  assert.deepEqual(rows.tasks.map(({ notes }) => notes), ['a\0b', 'a\0b'], 'the scene is as meant');
  const found = openInConvoy(path, schema, references);
  assert.deepEqual(found.tables.tasks.map(({ id, notes }) => [id, notes]), [['new', 'a\ufffdb'], ['synced', 'a\0b']]);
  assert.equal(operationsOf(found)[0].values.notes, 'a\ufffdb');
});
