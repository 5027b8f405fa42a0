/** What the real program prints: JSON for programs, tables for people, at 80 columns and at a terminal. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { newDevice, program } from '../support/convoy.mjs';
import { projectMigrations, startLite } from '../support/lite.mjs';
import { insertPlan, planRows } from '../support/plan.mjs';
import { adminFor, must, signUp } from '../support/users.mjs';
import { atTerminal, plain } from './terminal.mjs';

let lite, ada, device, plan;

before(async () => {
  lite = await startLite({ migrations: projectMigrations() });
  ada = await signUp(lite, 'ada');
  plan = planRows();
  await insertPlan({ owner: ada.client, admin: adminFor(lite) }, plan);
  device = newDevice('laptop');
  await device.join(lite, ada);
  await device.ok('sync');
});
after(async () => lite?.stop());

test('rows are what PostgREST gives, and `_status`', async () => {
  for (const [noun, table] of [['workspace', 'workspaces'], ['project', 'projects'], ['milestone', 'milestones'], ['task', 'tasks']]) {
    const theirs = must(await ada.client.from(table).select('*').order('id'));
    const ours = await device.json(noun, 'list', '--sort', 'id');
    assert.equal(ours.length, theirs.length);
    ours.forEach((row, i) => {
      const { _status: status, ...columns } = row;
      assert.equal(status, 'synced');
      const instants = (object) => Object.fromEntries(Object.entries(object).map(([name, value]) =>
        [name, /_at$|_date$/.test(name) && value ? new Date(value).toISOString() : value]));
      assert.deepEqual(instants(columns), instants(theirs[i]));
      assert.match(row.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00$/);
    });
  }
});

test('sync, status and delete are one object each', async () => {
  const report = await device.json('sync');
  assert.deepEqual(Object.keys(report), ['rows_received', 'mutations_sent', 'conflicts', 'parked', 'scopes_gained',
    'scopes_lost', 'bytes_up', 'bytes_down', 'requests', 'duration_ms']);
  const status = await device.json('status');
  assert.deepEqual(Object.keys(status), ['version', 'project', 'user', 'signed_in', 'database_path', 'connection', 'realtime',
    'metered', 'syncing_process', 'activity', 'next_attempt_at', 'last_sync', 'last_success_at', 'bytes_up', 'bytes_down',
    'pending', 'oldest_pending_at', 'parked', 'conflicts', 'conflicts_open', 'clock_offset_ms', 'rows', 'scopes', 'tables', 'stopped', 'verification', 'home']);
  assert.equal(status.last_sync.error, null);
  assert.ok(Math.abs(new Date(status.last_success_at) - Date.now()) < 60_000);
  const { id } = await device.json('task', 'create', '--milestone', plan.id('M3'), '--title', 'Short-lived');
  assert.deepEqual(await device.json('task', 'delete', id.slice(-8)), { deleted: 1 });
});

test('errors are one object, with the exit code', async () => {
  for (const [code, name, ...command] of [
    [2, 'InvalidArgument', 'task', 'create', '--milestone', plan.id('M3'), '--title', ' '],
    [2, 'InvalidArgument', 'task', 'create', '--title', 'No milestone'],
    [2, 'InvalidArgument', 'task', 'update', plan.id('B3'), '--status', 'LATER'],
    [2, 'UnknownColumn', 'task', 'list', '--sort', 'colour'],
    [3, 'NotFound', 'task', 'show', 'ffffffff-ffff-4fff-8fff-ffffffffffff'],
    [3, 'NotFound', 'project', 'create', '--workspace', 'ffffffff', '--name', 'P'],
    [2, 'InvalidArgument', 'project', 'delete', plan.id('PROJ-001')],
    [8, 'Io', 'task', 'update', plan.id('B3'), '--description', '@/no/such/file'],
  ]) {
    const { code: got, output, errors } = await device.run(...command, '--json');
    assert.equal(got, code, `${command}: ${output}`);
    assert.equal(errors, '');
    const { error } = JSON.parse(output);
    assert.deepEqual(Object.keys(error), ['code', 'message', 'hint', 'sqlstate']);
    assert.equal(error.code, name);
  }
});

test('a queue entry and a conflict hold JSON', async () => {
  const id = plan.id('B4');
  const other = newDevice('tablet');
  await other.join(lite, ada);
  await other.ok('sync');
  await device.ok('sync');
  await device.ok('task', 'update', id, '--title', 'Mine');
  const [entry] = await device.json('queue');
  assert.equal(entry.state, 'pending');
  assert.equal(entry.operations[0].values.title, 'Mine');
  await other.ok('task', 'update', id, '--title', 'Theirs');
  await other.ok('sync');
  assert.equal((await device.json('sync')).conflicts, 1);
  const [conflict] = await device.json('conflicts');
  assert.deepEqual({ ...conflict, at: '', number: 0 }, {
    number: 0, at: '', table: 'tasks', id, column: 'title', base: plan.rows.tasks.find((row) => row.id === id).title,
    client: 'Mine', server: 'Theirs', kept: 'server', rule: 'server_wins', value: null, reason: null, state: 'settled', resolution: null, resolved_at: null,
  });
  const { screen } = await atTerminal(device, ['conflicts']);
  assert.match(plain(screen), /BASE +MINE +THEIRS +OUTCOME/);
});

test('refused changes make sync end with 9 and stand in the queue', async () => {
  const id = plan.id('E5');
  await device.ok('task', 'update', id, '--title', 'Too late');
  must(await ada.client.from('tasks').delete().eq('id', id));
  const { code, output } = await device.run('sync');
  assert.equal(code, 9, output);
  assert.match(output, /1 change refused/);
  const [entry] = await device.json('queue');
  assert.deepEqual([entry.state, entry.code, entry.table, entry.id], ['parked', 'CV004', 'tasks', id]);
  assert.match((await device.run('queue')).output, /parked .* update task \w{8}: title .*\(CV004\)/);
  assert.match((await device.run('status')).output, /Refused +1 change, see convoy queue/);
});

test('tables fit 80 columns, wide characters too', async () => {
  for (const title of ['日本語のとても長い題名'.repeat(8), 'e\u0301'.repeat(120), '🚃'.repeat(60), 'x'.repeat(300)]) {
    await device.ok('task', 'create', '--milestone', plan.id('M3'), '--title', title);
  }
  for (const command of [['workspace', 'list'], ['project', 'list'], ['milestone', 'list'], ['task', 'list'], ['queue']]) {
    const { output } = await device.run(...command, { env: { COLUMNS: '80' } });
    for (const line of output.split('\n')) assert.ok(width(line) <= 80, `${width(line)}: ${line}`);
  }
  const { output } = await device.run('task', 'list');
  assert.ok(output.includes('x'.repeat(300)), 'whole without a terminal');
});

test('at a terminal there is colour and a progress bar, and neither elsewhere', async () => {
  const fresh = newDevice('fresh');
  await fresh.join(lite, ada);
  const { code, screen } = await atTerminal(fresh, ['sync']);
  assert.equal(code, 0, screen);
  assert.match(screen, /\r(Signing in|Receiving).*\x1b\[K/);
  assert.match(plain(screen), /Received \d+ rows \(/);
  const list = await atTerminal(fresh, ['task', 'list'], [], { columns: 100 });
  assert.match(list.screen, /\x1b\[/);
  for (const line of plain(list.screen).split('\n')) assert.ok(width(line) <= 100, line);
  for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
    assert.ok(!(await atTerminal(fresh, ['task', 'list'], [], { env })).screen.includes('\x1b'));
  }
  assert.ok(!(await atTerminal(fresh, ['task', 'list', '--no-color'])).screen.includes('\x1b'));
});

test('deleting is confirmed at a terminal', async () => {
  const { id } = await device.json('workspace', 'create', '--name', 'Doomed');
  const kept = await atTerminal(device, ['workspace', 'delete', id], [['[y/N] ', 'n\n']]);
  assert.equal(kept.code, 4, kept.screen);
  const gone = await atTerminal(device, ['workspace', 'delete', id], [['[y/N] ', 'y\n']]);
  assert.equal(gone.code, 0, gone.screen);
  assert.equal((await device.run('workspace', 'show', id)).code, 3);
});

test('a reader that leaves early is no error', () => {
  const { stderr, stdout } = spawnSync('sh', ['-c', `"${program}" task list --json | head -c 10; exit 0`],
    { env: { ...process.env, CONVOY_HOME: device.home }, encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.equal(stdout.length, 10);
  const full = spawnSync('sh', ['-c', `"${program}" task list --json > /dev/full`],
    { env: { ...process.env, CONVOY_HOME: device.home }, encoding: 'utf8' });
  assert.equal(full.status, 8);
  assert.match(full.stderr, /No space left/);
});

test("an offline device answers at once, and sync says it is offline", async () => {
  const lost = newDevice('lost', { home: device.home });
  await lite.restart(async () => {
    const { code, errors } = await lost.run('sync');
    assert.equal(code, 4, errors);
    const began = Date.now();
    assert.ok((await lost.json('task', 'list')).length > 30);
    assert.ok(Date.now() - began < 5000);
    assert.match((await lost.run('status')).output, /Last sync +failed/);
  });
});

test('a project without the SQL says what is missing', async () => {
  const bare = await startLite();
  try {
    const person = await signUp(bare, 'ada');
    const alone = newDevice('alone');
    await alone.join(bare, person);
    const { code, errors } = await alone.run('sync');
    assert.equal(code, 7, errors);
    assert.match(errors, /^convoy: .*\n {2}./m);
  } finally {
    await bare.stop();
  }
});

/** Columns a terminal gives a line: 2 for wide characters and emoji, 0 for combining marks. */
function width(line) {
  let columns = 0;
  for (const character of line) {
    if (/\p{Mn}/u.test(character)) continue;
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]|\p{Emoji_Presentation}/u.test(character) ? 2 : 1;
  }
  return columns;
}
