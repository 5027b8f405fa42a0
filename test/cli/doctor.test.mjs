/** The doctor and the list of devices, with the real program and a real server. */
import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import Database from 'better-sqlite3';
import connect from 'postgres';
import { newDevice } from '../support/convoy.mjs';
import { projectMigrations, startLite } from '../support/lite.mjs';
import { startPostgres } from '../support/postgres.mjs';
import { answer, changed, startProxy } from '../support/proxy.mjs';
import { signUp } from '../support/users.mjs';

const [USAGE, NOT_FOUND, WARNINGS, ERRORS] = [2, 3, 10, 11];
let postgres, lite, proxy, ada, owner;

before(async () => {
  postgres = await startPostgres();
  const database = await postgres.createProject('doctor');
  lite = await startLite({ database, migrations: projectMigrations() });
  proxy = await startProxy(lite.url);
  ada = await signUp(lite, 'ada');
  owner = connect(database, { max: 1, onnotice() {} });
});
after(async () => {
  await owner.end();
  await proxy.stop();
  await lite.stop();
  await postgres.stop();
});

async function joined(name) {
  const device = newDevice(name);
  await device.join({ url: proxy.url, publishableKey: lite.publishableKey }, ada);
  await device.ok('sync');
  return device;
}

/** What the doctor says: its exit code, the findings, and those that are not well as "warning clock". */
async function examine(device, ...more) {
  const { code, output, errors } = await device.run('doctor', '--json', ...more);
  assert.equal(errors, '');
  const { worst, findings } = JSON.parse(output);
  return { code, worst, findings, output,
    unwell: findings.filter((f) => f.severity !== 'ok').map((f) => `${f.severity} ${f.check}`) };
}

test('a device on which all is well', async () => {
  const { code, worst, unwell, findings } = await examine(await joined('sound'));
  assert.deepEqual([code, worst, unwell], [0, 'ok', []]);
  assert.deepEqual(findings.map((f) => f.check),
    ['configuration', 'server', 'sign_in', 'server_sql', 'protocol', 'clock', 'schema', 'file', 'outbox', 'last_sync']);
});

test('from nothing to a signed-in device, step by step', async () => {
  const device = newDevice('new');
  assert.deepEqual((await examine(device)).unwell, ['error configuration']);
  await device.ok('init', '--url', proxy.url, '--key', lite.publishableKey);
  const { code, unwell } = await examine(device);
  assert.deepEqual([code, unwell], [WARNINGS, ['warning sign_in']]);
  await device.json('login', '--email', ada.email, '--password-stdin', { input: ada.password });
  assert.deepEqual((await examine(device)).unwell, ['note last_sync']);
});

test('a server that is away, without Convoy, restored, older, or refuses the key', async () => {
  const device = await joined('troubled');
  await proxy.down();
  const away = await examine(device);
  await proxy.up();
  assert.deepEqual([away.code, away.unwell], [ERRORS, ['error server']]);
  assert.ok(away.findings.some((f) => f.check === 'file' && f.severity === 'ok'), 'what is here is looked at all the same');

  proxy.always('convoy_hello', answer(404, '{"code":"PGRST202","message":"Could not find the function public.convoy_hello"}'));
  assert.deepEqual((await examine(device)).unwell, ['error server_sql']);
  proxy.calm();
  proxy.always('convoy_hello', answer(400, '{"code":"CV011","message":"the server was restored"}'));
  const restored = await examine(device);
  proxy.calm();
  assert.deepEqual(restored.unwell, ['error server']);
  assert.match(restored.output, /convoy\.after_restore/);
  proxy.always('convoy_schema', changed((reply) => {
    const tasks = reply.tables.find(({ name }) => name === 'tasks');
    tasks.columns = tasks.columns.filter(({ name }) => name !== 'title');
  }));
  const older = await examine(device);
  proxy.calm();
  assert.deepEqual([older.code, older.unwell], [ERRORS, ['error schema']]);
  assert.equal(older.findings.find((f) => f.check === 'schema').subject, 'tasks.title');
  await device.ok('init', '--url', proxy.url, '--key', 'sb_publishable_wrong');
  assert.ok((await examine(device)).unwell.includes('error configuration'));
});

test("a clock that is not the server's", async () => {
  const device = await joined('late');
  proxy.always('convoy_hello', changed((reply) => {
    if (reply.server_time) reply.server_time = new Date(Date.parse(reply.server_time) + 600_000).toISOString();
  }));
  const { unwell, findings } = await examine(device);
  proxy.calm();
  assert.deepEqual(unwell, ['warning clock']);
  assert.match(findings.find((f) => f.check === 'clock').message, /(10 min \d|9 min 5\d) s behind/);
});

test('what waits, and a file that is damaged', async () => {
  const device = await joined('damaged');
  await device.ok('workspace', 'create', '--name', 'Not sent');
  assert.deepEqual((await examine(device)).unwell, ['note outbox']);
  await device.ok('sync');
  const { database_path: path } = await device.json('status');
  // An index that nothing of this uses, so that only whoever looks finds out.
  const database = new Database(path, { readonly: true });
  const { rootpage } = database.prepare("select rootpage from sqlite_master where name = 'projects_status'").get();
  const size = database.pragma('page_size', { simple: true });
  database.close();
  const handle = openSync(path, 'r+');
  writeSync(handle, Buffer.alloc(8, 0xff), 0, 8, (rootpage - 1) * size);
  closeSync(handle);
  const { code, unwell } = await examine(device);
  assert.equal(code, ERRORS);
  assert.deepEqual(unwell, ['error file']);
});

test("the server's own doctor, for the owner alone", async () => {
  const device = await joined('owner');
  await owner`alter table tasks disable row level security`;
  const env = { CONVOY_SECRET_KEY: lite.secretKey };
  const asked = await examine(device, { env });
  assert.equal(asked.code, ERRORS);
  assert.deepEqual(asked.findings.find((f) => f.check === 'server.rls_off'), {
    check: 'server.rls_off', severity: 'error', subject: 'tasks', message: asked.findings.find((f) => f.check === 'server.rls_off').message,
    fix: 'alter table public.tasks enable row level security' });
  assert.ok(!(await examine(device)).unwell.includes('error server.rls_off'), 'without the key nothing is asked');
  await owner`alter table tasks enable row level security`;
  const piped = await examine(device, '--secret-key-stdin', { input: `${lite.secretKey}\n` });
  assert.ok(!piped.unwell.some((line) => line.startsWith('error')), piped.output);
  assert.ok(piped.findings.some((f) => f.check.startsWith('server')));
  for (const key of [lite.publishableKey, 'nonsense']) {
    assert.ok((await examine(device, { env: { CONVOY_SECRET_KEY: key } })).unwell.includes('error server_doctor'));
  }
  assert.ok((await examine(device, { env: { CONVOY_SECRET_KEY: 'sb_secret_wrong' } })).unwell.includes('error server_doctor'));
  for (const name of readdirSync(device.home)) {
    assert.ok(!readFileSync(join(device.home, name)).includes(lite.secretKey), `${name} holds the secret key`);
  }
  assert.ok(!asked.output.includes(lite.secretKey) && !piped.output.includes(lite.secretKey));
});

test('devices are listed, named and signed out from another one', async () => {
  const [laptop, phone] = [await joined('laptop'), await joined('phone')];
  await laptop.ok('devices', 'rename', "Ada's laptop");
  await phone.ok('devices', 'rename', 'Phone');
  const seen = await laptop.json('devices', 'list');
  assert.deepEqual(seen.filter((d) => d.this).map((d) => [d.name, d.revoked]), [["Ada's laptop", false]]);
  assert.match(seen.find((d) => d.this).program, /^convoy \d+\.\d+\.\d+$/);
  const lost = seen.find((d) => d.name === 'Phone');
  assert.ok(Math.abs(Date.parse(lost.seen_at) - Date.now()) < 60_000);

  assert.equal((await laptop.run('devices', 'revoke', '00000000-0000-4000-8000-000000000000')).code, NOT_FOUND);
  assert.equal((await phone.run('devices', 'revoke', lost.id)).code, USAGE, 'this very device is not signed out by mistake');
  assert.deepEqual(await laptop.json('devices', 'revoke', lost.id), { revoked: lost.id });
  assert.equal((await laptop.json('devices', 'list')).find((d) => d.id === lost.id).revoked, true);
  assert.notEqual((await phone.run('sync')).code, 0);
  const { code, unwell } = await examine(phone);
  assert.equal(code, ERRORS);
  assert.ok(unwell.includes('error device'), unwell.join());
  assert.equal((await phone.json('devices', 'list')).find((d) => d.id === lost.id).revoked, true, 'the list is not sync');
  await laptop.ok('sync');

  const ben = await signUp(lite, 'ben');
  const other = newDevice("ben's");
  await other.join({ url: proxy.url, publishableKey: lite.publishableKey }, ben);
  assert.deepEqual((await other.json('devices', 'list')).map((d) => d.this), [true], "another's devices are not theirs to see");
  assert.equal((await other.run('devices', 'revoke', lost.id)).code, NOT_FOUND);
});
