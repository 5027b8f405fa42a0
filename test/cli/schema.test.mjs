/** Schemas on both sides: SQL for Postgres, and back, with the real program and a real server. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import connect from 'postgres';
import { newDevice } from '../support/convoy.mjs';
import { projectMigrations, startLite } from '../support/lite.mjs';
import { startPostgres } from '../support/postgres.mjs';
import { startProxy } from '../support/proxy.mjs';
import { temporaryDirectory } from '../support/temporary.mjs';
import { signUp } from '../support/users.mjs';

const [AGREES, OFFLINE, ADDITIVE, BREAKING] = [0, 4, 10, 11];
const typed = (name) => fileURLToPath(new URL(`../typed/${name}`, import.meta.url));
const convoySql = () => projectMigrations().filter((path) => /_convoy_/.test(path));
const files = temporaryDirectory('schemas');
const file = (name, text) => {
  const path = join(files, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
};
const withoutNotes = (output) => JSON.parse(output).differences.filter(({ impact }) => impact !== 'note');
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));

let postgres;
before(async () => { postgres = await startPostgres(); });
after(async () => { await postgres.stop(); });

describe('a schema goes to the server and comes back', () => {
  const everything = typed('everything.json');
  let lite, proxy, owner, device;

  before(async () => {
    const database = await postgres.createProject('everything');
    const sql = file('20270101000000_tables.sql', await newDevice('maker').ok('schema', 'sql', everything));
    lite = await startLite({ database, migrations: [...convoySql(), sql] });
    proxy = await startProxy(lite.url);
    owner = connect(database, { max: 1, onnotice() {} });
    device = newDevice('reader');
    await device.join({ url: proxy.url, publishableKey: lite.publishableKey }, await signUp(lite, 'ada'));
  });
  after(async () => { await owner.end(); await proxy.stop(); await lite.stop(); });

  test('the schema that was made of the server is the one the server was made of', async () => {
    const pulled = await device.json('schema', 'pull');
    assert.deepEqual(pulled.notes, []);
    const asPulled = ({ version: _v, migrations: _m, ...rest }) => ({
      ...rest,
      version: 1,
      tables: rest.tables.filter((table) => !table.local_only).map((table) => ({
        ...table,
        columns: table.columns.map(({ searchable: _, ...column }) => column.references
          ? { ...column, indexed: true, pg: 'uuid' } // Keys have the type and the index that keys have.
          : column),
      })),
    });
    const byName = (schema) => Object.fromEntries(schema.tables.map(({ name, columns, ...table }) =>
      [name, { ...table, columns: Object.fromEntries(columns.map((column) => [column.name, column])) }]));
    assert.deepEqual(byName(pulled.schema), byName(asPulled(read(everything))));
  });

  test('so the two agree, and pulling changes nothing', async () => {
    const { impact, differences, migration: none } = await device.json('schema', 'diff', everything);
    assert.deepEqual([impact, none], ['note', null]);
    // Two keys have no index here, and are not made to have one.
    assert.deepEqual(differences.map((d) => `${d.change} ${d.table}.${d.column}`),
      ['index_missing tasks.parent_task_id', 'index_missing activity_feed.task_id']);
    const copy = file('copy.json', readFileSync(everything, 'utf8'));
    const { version, migration } = await device.json('schema', 'pull', '-o', copy);
    assert.deepEqual([version, migration], [4, null]);
    assert.deepEqual(read(copy).tables.map((table) => table.name), read(everything).tables.map((table) => table.name));
    assert.equal(read(copy).tables[0].columns[0].searchable, true);
  });

  test('the SQL may be applied again', async () => {
    await owner.unsafe(readFileSync(file('20270101000000_tables.sql'), 'utf8'));
    assert.equal((await device.run('schema', 'diff', everything)).code, AGREES);
  });

  test('changes of the server are found, judged and taken over, one version at a time', async () => {
    const mine = file('mine.json', readFileSync(everything, 'utf8'));
    await owner.unsafe(`
      alter table milestones add column colour text;
      create type mood as enum ('good', 'bad'); alter table tasks add column mood mood;
      create table notes (id uuid primary key, task_id uuid not null references tasks on delete cascade, body varchar(100) not null,
        at timestamp(3), day date, n smallint, big int8, ratio real, price numeric(10,2), tags int[], span interval, raw bytea, doc json);
      grant select, insert, update on notes to authenticated; alter table notes enable row level security;
      select convoy.enable('notes', scope_via => 'task_id')`);
    const { code, output } = await device.run('schema', 'diff', mine, '--json');
    assert.equal(code, ADDITIVE, output);
    assert.deepEqual(withoutNotes(output).map((d) => [d.change, d.table, d.column]),
      [['column_added', 'milestones', 'colour'], ['column_added', 'tasks', 'mood'], ['table_added', 'notes', null]]);
    const { version, notes } = await device.json('schema', 'pull', '-o', mine);
    assert.equal(version, 5);
    assert.ok(notes.some(({ table, column, text }) => table === 'tasks' && column === 'mood' && /enum/.test(text)), JSON.stringify(notes));
    const column = (name, type, more) => ({ name, type, ...more });
    assert.deepEqual(read(mine).tables.find(({ name }) => name === 'notes').columns, [
      column('task_id', 'string', { indexed: true, pg: 'uuid', references: { table: 'tasks', on_delete: 'cascade' } }),
      column('body', 'string'), column('at', 'number', { optional: true, pg: 'timestamptz' }),
      column('day', 'string', { optional: true, pg: 'date' }), column('n', 'number', { optional: true }),
      column('big', 'string', { optional: true, pg: 'bigint' }), column('ratio', 'number', { optional: true }),
      column('price', 'string', { optional: true, pg: 'numeric' }), column('tags', 'string', { optional: true, pg: 'array' }),
      column('span', 'string', { optional: true }), column('raw', 'string', { optional: true }),
      column('doc', 'string', { optional: true, pg: 'jsonb' })]);

    await owner.unsafe(`
      alter table milestones rename column colour to color; alter table notes alter column n type bigint;
      alter table notes alter column body drop not null`);
    const found = await device.run('schema', 'diff', mine, '--json');
    assert.equal(found.code, BREAKING, found.output);
    const differences = withoutNotes(found.output);
    assert.deepEqual(differences.map((d) => `${d.impact} ${d.change} ${d.table}.${d.column}`), [
      'breaking column_missing milestones.colour', 'additive column_added milestones.color',
      'breaking became_optional notes.body', 'breaking type_changed notes.n']);
    assert.match(differences[0].advice, /--rename milestones\.colour=color/);
    await device.json('schema', 'pull', '-o', mine, '--rename', 'milestones.colour=color');
    assert.deepEqual(read(mine).migrations.at(-1), { to: 6, steps: [
      { rename_column: { table: 'milestones', from: 'colour', to: 'color' } },
      { drop_column: { table: 'notes', column: 'n' } },
      { add_columns: { table: 'notes', columns: [{ name: 'n', type: 'string', optional: true, pg: 'bigint' }] } }] });
    assert.equal((await device.run('schema', 'diff', mine)).code, AGREES);
  });

  test('a saved description needs neither server nor session', async () => {
    const saved = file('server.json');
    await device.ok('schema', 'describe', '-o', saved);
    await proxy.down();
    assert.equal((await device.run('schema', 'diff', everything)).code, OFFLINE);
    assert.equal((await newDevice('nowhere').run('schema', 'pull', '--offline', saved)).code, 0);
    await proxy.up();
  });
});

describe('the memory bank', () => {
  let lite, device;
  before(async () => {
    lite = await startLite({ database: await postgres.createProject('bank'), migrations: projectMigrations() });
    device = newDevice('bank');
    await device.join(lite, await signUp(lite, 'ben'));
  });
  after(async () => { await lite.stop(); });

  test("this program's schema is the server's", async () => {
    const { differences } = await device.json('schema', 'diff');
    assert.deepEqual(differences, []);
  });

  test('what is pulled anew differs in nothing but what devices list by and search', async () => {
    const pulled = file('bank.json');
    await device.ok('schema', 'pull', '-o', pulled);
    const generated = await device.ok('schema', 'types', pulled, '--namespace', 'bank');
    const lines = (text) => text.split('\n').filter((line) => line.trim() !== '');
    const [mine, golden] = [lines(generated), lines(readFileSync(typed('memory_bank.h'), 'utf8'))];
    const unsearched = (line) => line.replace(', .is_searchable = true', '');
    const bare = (line) => unsearched(line).replace(', .is_indexed = true', '');
    assert.deepEqual(mine.map(bare), golden.map(bare));
    const differing = golden.filter((line, i) => unsearched(line) !== mine[i]).map((line) => /\.name = "(\w+)"/.exec(line)[1]);
    assert.deepEqual(differing, ['status', 'status', 'status'], 'of projects, milestones and tasks');
    assert.ok(golden.every((line, i) => line === mine[i] || /is_(indexed|searchable)/.test(line)));
  });
});
