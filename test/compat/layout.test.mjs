/** The tables of a new file, their indices, the rule for values and the form of ids are WatermelonDB's. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../support/temporary.mjs';
import {
  appSchema, closeWatermelon, lookInto, openWatermelon, part, sanitizedRaw, tableSchema,
} from '../support/watermelon.mjs';
import { ask, openInConvoy, schemaForConvoy, unavailable, writeInConvoy } from './convoy_file.mjs';

const folder = temporaryDirectory('layout');
const types = ['string', 'number', 'boolean'];
const columns = (names, { indexed = () => false } = {}) => names.map((name, i) =>
  ({ name, type: types[i % 3], ...(i % 2 && { isOptional: true }), ...(indexed(name, i) && { isIndexed: true }) }));

const keywords = ['where', 'values', 'set', 'drop', 'update', 'select', 'table', 'index', 'order', 'group', 'primary', 'key'];
const schemas = unavailable ? {} : {
  'one plain table': [{ name: 'tasks', columns: columns(['title']) }],
  'a table without columns': [{ name: 'empty', columns: [] }],
  'indexed columns': [{ name: 'tasks', columns: columns(['title', 'project_id', 'done', 'author_id'], { indexed: (name) => name.endsWith('_id') }) }],
  'SQL keywords as names': keywords.map((name) => ({ name, columns: columns(keywords, { indexed: (_, i) => i % 4 === 0 }) })),
  'many columns': [{ name: 'wide', columns: columns(Array.from({ length: 300 }, (_, i) => `c${i}`), { indexed: (_, i) => i % 7 === 0 }) }],
  'capital letters and underscores': [{ name: '_Odd_Name9', columns: columns(['_x', 'camelCase', 'UPPER'], { indexed: () => true }) }],
};

// All but the engine's own, and what SQLite keeps for it.
const layoutOf = (path) => lookInto(path, (sqlite) => ({
  objects: sqlite.prepare(`select type, name, tbl_name, sql from sqlite_schema
    where name not glob 'convoy_*' and tbl_name not glob 'convoy_*' and name <> 'sqlite_sequence' order by rowid`).all(),
  version: sqlite.pragma('user_version', { simple: true }),
}));

for (const [name, tables] of Object.entries(schemas)) {
  test(`the layout: ${name}`, { skip: unavailable }, async () => {
    const schema = appSchema({ version: 5, tables: tables.map(tableSchema) });
    assert.equal(ask('layout', { schema: schemaForConvoy(schema) }), part('adapters/sqlite/encodeSchema').encodeSchema(schema));

    const theirs = join(folder, `${name}-theirs.db`), ours = join(folder, `${name}-ours.db`);
    closeWatermelon(await openWatermelon(theirs, { schema }));
    openInConvoy(ours, schema);
    assert.deepEqual(layoutOf(ours), layoutOf(theirs));
    assert.ok(layoutOf(ours).objects.length > tables.length);
  });
}

const inputs = [
  'a text', '', 'true', '1', '3.14', '-0', 'null', 'NaN', '1.0', '🍉\u{10ffff}',
  0, -0, 1, 2, 3.14, -1, 1e21, 2 ** 53, Number.MIN_VALUE, NaN, Infinity, -Infinity,
  true, false, null, undefined, {}, [], ['a'], { valueOf: () => 1 }, () => 1, new Date(0), Symbol('s'), 10n,
];
// What is no SQL value can't be in a file; as WatermelonDB does, Convoy has to count it as nothing.
const forConvoy = (input) => {
  if (typeof input === 'number' && !Number.isFinite(input)) return { number: String(input) };
  return ['string', 'number', 'boolean'].includes(typeof input) ? input : null;
};

test('what does not fit its column becomes what it becomes in WatermelonDB', { skip: unavailable }, () => {
  const table = tableSchema({
    name: 'values_of_all_kinds',
    columns: types.flatMap((type) => [{ name: `${type}_`, type }, { name: `${type}_or_null`, type, isOptional: true }]),
  });
  const schema = schemaForConvoy(appSchema({ version: 1, tables: [table] }));
  const sanitised = ask('sanitise', { schema, values: inputs.map(forConvoy) });
  const same = (a, b) => Object.is(a, b) || (a === 0 && b === 0 && !Object.is(a, -0));
  inputs.forEach((input, i) => table.columnArray.forEach(({ name }, c) => {
    const expected = sanitizedRaw({ id: 'x', [name]: input }, table)[name];
    assert.ok(same(sanitised[i][c], expected), `${String(input)} (${typeof input}) in ${name}: ${sanitised[i][c]}, not ${expected}`);
  }));
});

test('each takes the ids that the other makes', { skip: unavailable }, async () => {
  const path = join(folder, 'ids.db');
  const schema = appSchema({ version: 1, tables: [tableSchema({ name: 'tasks', columns: [{ name: 'title', type: 'string' }] })] });
  const create = (id) => ({ create: 'tasks', ...(id && { id }), fields: { title: 'x' } });
  const randomId = part('utils/common/randomId').default;
  const theirs = Array.from({ length: 50 }, () => randomId());
  const odd = ['old0lower1id2345', 'a', 'with space', "quote'd", 'dots.and-dashes_', '01982f3c-7d2e-7bbb-8f00-3c2d4e5f6a7b', 'é🍉'];
  const given = [...theirs, ...odd];
  const { tables } = writeInConvoy(path, schema, [{ write: [...given, ...Array(50)].map(create) }]);
  const created = tables.tasks.map(({ id }) => id), ours = created.filter((id) => !given.includes(id));
  assert.equal(ours.length, 50);
  for (const id of given) assert.ok(created.includes(id), id);
  for (const id of ours) assert.match(id, /^[0-9A-Za-z]{16}$/);

  const database = await openWatermelon(path, { schema });
  for (const id of created) {
    assert.equal((await database.get('tasks').find(id)).id, id);
    assert.equal(sanitizedRaw({ id }, schema.tables.tasks).id, id);
  }
  assert.deepEqual((await database.get('tasks').query().fetchIds()).sort(), [...created].sort());
  closeWatermelon(database);
});
