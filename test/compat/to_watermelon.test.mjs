/** A file that Convoy wrote, opened and written to by the real WatermelonDB, and back. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../support/temporary.mjs';
import {
  Q, closeWatermelon, hasUnsyncedChanges, lookInto, openWatermelon, synchronize,
} from '../support/watermelon.mjs';
import { openInConvoy, unavailable, writeInConvoy } from './convoy_file.mjs';
import { naughtyStrings, numbers, operationsOf, references, rowsOf, schema, someTask, unsynced } from './tasks.mjs';

const folder = temporaryDirectory('to-watermelon');
let count = 0;
const newFile = () => join(folder, `${++count}.db`);

const inConvoy = (path, script) => writeInConvoy(path, schema, script, references);
const again = (path) => openInConvoy(path, schema, references);

/** Runs `work(database, find)` in the file's WatermelonDB, as one writer. */
async function inWatermelon(path, work) {
  const database = await openWatermelon(path, { schema });
  try {
    const find = (id) => database.get('tasks').find(id);
    return await database.write(() => work(database, find));
  } finally {
    closeWatermelon(database);
  }
}

/** What `look(database)` sees in the file's WatermelonDB. */
async function seenInWatermelon(path, look) {
  const database = await openWatermelon(path, { schema });
  try {
    return await look(database);
  } finally {
    closeWatermelon(database);
  }
}

const createTask = (id, values = {}) => ({ create: 'tasks', id, fields: { project_id: 'p', title: `Task ${id}`, ...values } });
const byId = (rows) => new Map(rows.map((row) => [row.id, row]));

/** A file with a record in each state: synced, updated, deleted, created; and with a sync behind it. */
function everyState(path) {
  return inConvoy(path, [
    { pull: 'projects', rows: [{ id: 'p', name: 'Pulled' }] },
    { pull: 'tasks', rows: ['synced', 'other', 'updated', 'deleted'].map((id) => someTask(id)) },
    { write: [createTask('pushed')] }, { push: 'applied' },
    { pull: 'tasks', rows: [someTask('pushed')] },
    { write: [createTask('created', { rank: 7 }), { update: 'tasks', id: 'updated', fields: { title: 'Changed', is_done: true } }] },
    { write: [{ delete: 'tasks', id: 'deleted' }] },
  ]);
}

test('WatermelonDB reads what Convoy wrote', { skip: unavailable }, async () => {
  const path = newFile();
  // One transaction each: together they are more than a server takes at once.
  const { tables } = inConvoy(path, [
    { create: 'projects', id: 'p', fields: { name: 'Values' } },
    ...naughtyStrings.map((text, i) => createTask(`s${i}`, { title: text, notes: text })),
    ...numbers.map((number, i) => createTask(`n${i}`, { rank: number, weight: number })),
    ...[true, false, null].map((flag) => createTask(`b${flag}`, { is_done: flag ?? false, is_starred: flag })),
  ].map((operation) => ({ write: [operation] })));
  await seenInWatermelon(path, async (database) => {
    assert.deepEqual(await rowsOf(database), tables);
    const tasks = database.get('tasks');
    assert.equal(await tasks.query().fetchCount(), tables.tasks.length);
    // Booleans and numbers compare as its own.
    assert.deepEqual(await tasks.query(Q.where('is_starred', true)).fetchIds(), ['btrue']);
    assert.deepEqual((await tasks.query(Q.where('is_done', false), Q.where('is_starred', false)).fetchIds()), ['bfalse']);
    for (const [i, number] of numbers.entries()) {
      assert.ok((await tasks.query(Q.where('rank', number)).fetchIds()).includes(`n${i}`), String(number));
    }
    for (const [i, text] of naughtyStrings.entries()) {
      assert.deepEqual(await tasks.query(Q.where('notes', text)).fetchIds(), [`s${i}`]);
    }
  });
});

test('WatermelonDB sees and pushes what Convoy has not sent', { skip: unavailable }, async () => {
  const path = newFile();
  const { tables } = everyState(path);
  const rows = byId(tables.tasks);
  assert.deepEqual(['synced', 'other', 'pushed', 'updated', 'created'].map((id) => rows.get(id)._status),
    ['synced', 'synced', 'synced', 'updated', 'created'], 'the scene is as meant');
  await seenInWatermelon(path, async (database) => {
    assert.deepEqual(await rowsOf(database), tables);
    assert.equal(await database.get('tasks').query().fetchCount(), 5, 'the deleted one does not count');
    assert.equal(await hasUnsyncedChanges({ database }), true);

    let pushed;
    await synchronize({
      database,
      pullChanges: async () => ({ timestamp: 1, changes: {} }),
      pushChanges: async ({ changes }) => { pushed = changes; },
    });
    assert.deepEqual(pushed.tasks.created, [rows.get('created')]);
    assert.deepEqual(pushed.tasks.updated, [rows.get('updated')]);
    assert.equal(pushed.tasks.updated[0]._changed, 'updated_at,title,is_done');
    assert.deepEqual(pushed.tasks.deleted, ['deleted']);
    assert.deepEqual(pushed.projects, { created: [], updated: [], deleted: [] });
    assert.equal(await hasUnsyncedChanges({ database }), false);
  });
  // That was another server than Convoy's: Convoy still sends what it had to send, once.
  const before = [...rows.values()];
  const back = again(path);
  assert.deepEqual(operationsOf(back).map(({ op, id }) => [op, id]), [['insert', 'created'], ['update', 'updated'], ['delete', 'deleted']]);
  assert.deepEqual(back.tables.tasks, before);
  assert.deepEqual(back.deleted.tasks, ['deleted']);
});

test('what WatermelonDB writes to Convoy\'s file is in the outbox afterwards, once', { skip: unavailable }, async () => {
  const path = newFile();
  const start = operationsOf(everyState(path)).length;
  await inWatermelon(path, async (database, find) => {
    const record = (id, values) => database.get('tasks').prepareCreate((task) => Object.assign(task, { ...values }, { _raw: Object.assign(task._raw, { id }) }));
    await database.batch(record('child', { project_id: 'new', parent_id: 'parent' }), record('parent', { project_id: 'new', title: 'Made' }),
      database.get('projects').prepareCreate((project) => { project._raw.id = 'new'; project.name = 'New'; }));
    await (await find('synced')).update((task) => { task.title = 'Changed there'; task.weight = 0.5; });
    await (await find('created')).update((task) => { task.rank = 8; });
    await (await find('updated')).update((task) => { task.notes = 'noted there'; });
    await (await find('other')).markAsDeleted();
    await (await find('pushed')).destroyPermanently();
  });
  const shown = await seenInWatermelon(path, rowsOf);
  const found = again(path);
  // All is as WatermelonDB shows it, but for what was changed on a record that was never sent.
  byId(shown.tasks).get('created')._changed = byId(found.tables.tasks).get('created')._changed;
  const sorted = (row) => ({ ...row, _changed: row._changed.split(',').sort().join() });
  assert.deepEqual(found.tables.tasks.map(sorted), shown.tasks.map(sorted));
  assert.deepEqual(found.tables.projects, shown.projects);
  assert.deepEqual(found.deleted.tasks, ['deleted', 'other']);

  const added = operationsOf(found).slice(start);
  const of = (id) => added.filter((operation) => operation.id === id);
  assert.deepEqual(added.slice(0, 3).map(({ op, id }) => `${op} ${id}`), ['insert new', 'insert parent', 'insert child']);
  assert.equal(of('parent')[0].values.title, 'Made');

  const { updated_at: touched, ...values } = of('synced')[0].values;
  assert.deepEqual(values, { title: 'Changed there', weight: 0.5 });
  assert.ok(touched > 1_700_000_000_000);
  assert.deepEqual(of('synced')[0].base, { updated_at: 1, title: 'Task synced', weight: null }, 'Convoy had known what it was');
  assert.deepEqual(Object.keys(of('created')[0].values).sort(), ['rank', 'updated_at']);
  assert.equal(of('created')[0].base.rank, 7);
  assert.deepEqual(Object.keys(of('updated')[0].values).sort(), ['notes', 'updated_at']);
  assert.deepEqual(of('other'), [{ op: 'delete', table: 'tasks', id: 'other' }]);
  assert.deepEqual(of('pushed'), [], 'a record destroyed permanently is no news for the server');
  assert.equal(added.length, 3 + 4);
  assert.deepEqual(again(path), found);

  // A refusal brings back what the server has.
  const refused = inConvoy(path, [{ push: 'rejected' }]);
  assert.deepEqual(byId(refused.tables.tasks).get('synced'), { ...someTask('synced'), _status: 'synced', _changed: '' });
  assert.deepEqual(byId(refused.tables.tasks).get('other'), { ...someTask('other'), _status: 'synced', _changed: '' });
  assert.equal(byId(refused.tables.tasks).get('parent'), undefined);
});

test('records that came and went in WatermelonDB leave nothing', { skip: unavailable }, async () => {
  const path = newFile();
  const before = everyState(path);
  await inWatermelon(path, async (database, find) => {
    const brief = await database.get('tasks').create((task) => { task.title = 'brief'; });
    await brief.destroyPermanently();
    const task = await find('synced');
    await task.update((changed) => { changed.title = 'There'; changed.updated_at = 1; });
    await task.update((changed) => { changed.title = 'Task synced'; changed.updated_at = 1; });
  });
  assert.deepEqual(again(path), before);
});

test('what WatermelonDB\'s own sync did meanwhile is believed', { skip: unavailable }, async () => {
  const path = newFile();
  everyState(path);
  await seenInWatermelon(path, (database) => synchronize({
    database,
    sendCreatedAsUpdated: true,
    pullChanges: async () => ({
      timestamp: 2,
      changes: { tasks: { created: [], updated: [someTask('pulled'), someTask('other', { title: 'Pulled anew' })], deleted: ['synced'] } },
    }),
  }));
  const found = again(path);
  const rows = byId(found.tables.tasks);
  assert.equal(rows.get('pulled')._status, 'synced');
  assert.equal(rows.get('other').title, 'Pulled anew');
  assert.equal(rows.get('synced'), undefined);
  assert.deepEqual(operationsOf(found).map(({ op, id }) => [op, id]), [['insert', 'created'], ['update', 'updated'], ['delete', 'deleted']]);
  assert.equal(found.local_storage.__watermelon_last_pulled_at, '2');
});

test('a large batch of WatermelonDB, which makes all indices anew, changes nothing of this', { skip: unavailable }, async () => {
  const path = newFile();
  everyState(path);
  await inWatermelon(path, (database) => database.batch(Array.from({ length: 1200 }, (_, i) =>
    database.get('tasks').prepareCreate((task) => { task._raw.id = `b${i}`; task.project_id = 'p'; task.rank = i; }))));
  const found = again(path);
  assert.equal(operationsOf(found).length, 3 + 1200);
  assert.equal(found.tables.tasks.length, 5 + 1200);
  const indices = lookInto(path, (sqlite) => sqlite.prepare("select name from sqlite_schema where type = 'index' and tbl_name = 'tasks' order by 1").pluck().all());
  assert.deepEqual(indices, ['sqlite_autoindex_tasks_1', 'tasks__status', 'tasks_parent_id', 'tasks_project_id', 'tasks_rank']);
});

test('back and forth, again and again', { skip: unavailable }, async () => {
  const path = newFile();
  inConvoy(path, [{ pull: 'tasks', rows: [someTask('t')] }]);
  for (let round = 1; round <= 4; ++round) {
    await inWatermelon(path, async (_, find) => (await find('t')).update((task) => { task.title = `There ${round}`; }));
    const { tables } = inConvoy(path, [{ write: [{ update: 'tasks', id: 't', fields: { rank: round } }] }]);
    assert.deepEqual([tables.tasks[0].title, tables.tasks[0].rank], [`There ${round}`, round]);
  }
  const titles = operationsOf(again(path)).filter(({ values }) => values.title).map(({ values, base }) => [base.title, values.title]);
  assert.deepEqual(titles, [['Task t', 'There 1'], ['There 1', 'There 2'], ['There 2', 'There 3'], ['There 3', 'There 4']]);
  assert.equal((await seenInWatermelon(path, unsynced)).tasks.updated.length, 1);
});

test('without Convoy\'s triggers and tables the file is WatermelonDB\'s alone', { skip: unavailable }, async () => {
  const path = newFile();
  const { tables } = everyState(path);
  lookInto(path, (sqlite) => {
    const ours = sqlite.prepare("select type, name from sqlite_schema where name glob 'convoy_*' and type in ('trigger', 'table') order by type desc");
    for (const { type, name } of ours.all()) sqlite.exec(`drop ${type} "${name}"`);
  });
  await inWatermelon(path, async (_, find) => (await find('synced')).update((task) => { task.title = 'Alone'; }));
  const rows = byId((await seenInWatermelon(path, rowsOf)).tasks);
  assert.equal(rows.get('synced').title, 'Alone');
  assert.deepEqual(rows.get('created'), byId(tables.tasks).get('created'));
});
