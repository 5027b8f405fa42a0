/** Answers that no good server gives: a clear error with its own exit code, nothing changed, nothing lost. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { newDevice } from '../support/convoy.mjs';
import { projectMigrations, startLite } from '../support/lite.mjs';
import { answer, changed, garbage, html, oversized, truncateReply } from '../support/proxy.mjs';
import { temporaryDirectory } from '../support/temporary.mjs';
import { signUp } from '../support/users.mjs';
import { converge, openStage, taskOf } from './stage.mjs';

const OFFLINE = 4, SIGN_IN = 5, REFUSED = 6, SERVER = 7;
let device, plan, task;

const stage = await openStage();
const ada = await stage.person('ada');

beforeEach(async () => {
  stage.proxy.calm();
  device = await stage.device(ada);
  plan = await stage.plan(ada, ['One']);
  await device.ok('sync');
  task = await device.json('task', 'create', '--milestone', plan.milestone, '--title', 'Mine');
});

/** Syncs against the fault, checks the complaint, then that the write is still there and goes out once all is well. */
async function complains(where, fault, code, says) {
  stage.proxy.always(where, fault);
  const result = await device.run('sync', '--json');
  assert.equal(result.code, code, result.output + result.errors);
  const { error } = JSON.parse(result.output);
  assert.match(`${error.message} ${error.hint}`, says);
  assert.equal((await taskOf(device, task.id)).title, 'Mine');
  assert.equal((await device.json('status')).pending, 1);
  stage.proxy.calm();
  await converge([device, ada]);
  assert.equal((await taskOf(device, task.id))._status, 'synced');
}

for (const call of ['convoy_push', 'convoy_pull']) {
  test(`${call}: a web page instead of an answer`, () => complains(call, html(), SERVER, /web page/i));
  test(`${call}: a web page with an error status`, () => complains(call, html(502), SERVER, /./));
  test(`${call}: not JSON`, () => complains(call, garbage(), SERVER, /./));
  test(`${call}: cut off`, () => complains(call, truncateReply(), OFFLINE, /./));
  test(`${call}: empty`, () => complains(call, answer(200, ''), SERVER, /./));
  test(`${call}: JSON that is no reply`, () => complains(call, answer(200, '[1,2,3]'), SERVER, /protocol/));
  test(`${call}: larger than allowed`, () => complains(call, oversized(65 << 20), SERVER, /larg/));
  test(`${call}: overloaded`, () => complains(call, answer(503, '{"code":"53300","message":"too many connections"}'), SERVER, /./));
  test(`${call}: slow down`, () => complains(call, answer(429, '{"message":"rate limited"}'), OFFLINE, /./));
  test(`${call}: an older or newer protocol`, () => complains(call,
    answer(400, '{"code":"CV001","message":"protocol 1 is not supported","details":"2","hint":null}'), SERVER, /version|protocol/));
  test(`${call}: a restored server`, () => complains(call,
    answer(400, '{"code":"CV011","message":"the server was restored","details":null,"hint":null}'), SERVER, /restored/));
  test(`${call}: refused`, () => complains(call,
    answer(403, '{"code":"42501","message":"permission denied for function","details":null,"hint":null}'), REFUSED, /./));
}

test('a page that breaks the protocol in its middle is not applied at all', () => complains('convoy_pull', changed((reply) => {
  reply.changes.push({ table: 'tasks', scope: plan.workspace, columns: ['title'], rows: [['id-without-value']], gone: [] });
}), SERVER, /protocol/));

test('rows that lack a column of ours are not applied at all', () => complains('convoy_pull', changed((reply) => {
  reply.changes = [{ table: 'tasks', scope: plan.workspace, columns: ['title'], rows: [[plan.tasks[0], 'Half a row']], gone: [] }];
}), SERVER, /column/));

test('tables that the server does not have so any more stop, say why, and go on when they are back', async () => {
  stage.proxy.always('convoy_pull', changed((reply) => {
    reply.schema = { fingerprint: 'other', tables: [{ name: 'tasks', id: 'id', conflict: 'merge', columns: [] }] };
  }));
  await device.ok('sync');
  const { stopped } = await device.json('status');
  assert.match(stopped.find(({ name }) => name === 'tasks').problem, /no column "title"/);
  assert.match(stopped.find(({ name }) => name === 'projects').problem, /does not sync this table/);
  assert.equal((await device.json('task', 'list')).length > 0, true, 'rows stay');
  stage.proxy.calm();
  await converge([device, ada]);
  assert.deepEqual((await device.json('status')).stopped, []);
});

test('a newer server with more tables and columns is no obstacle', async () => {
  stage.proxy.always('convoy_pull', changed((reply) => {
    for (const group of reply.changes) {
      group.columns.push('shoe_size');
      for (const row of group.rows) row.push(43);
    }
    reply.changes.push({ table: 'horses', scope: plan.workspace, columns: ['name'], rows: [[crypto.randomUUID(), 'Bella']], gone: [] });
  }));
  await device.ok('sync');
  stage.proxy.calm();
  await converge([device, ada]);
});

test('a project without Convoy\'s SQL: says which command installs it', async () => {
  const file = join(temporaryDirectory('empty'), '20250101000000_nothing.sql');
  writeFileSync(file, 'create table public.nothing (id int primary key);');
  const lite = await startLite({ database: await stage.postgres.createProject('empty'), migrations: [file] });
  const person = await signUp(lite, 'eve');
  const other = newDevice('other');
  await other.join(lite, person);
  const { code, output } = await other.run('sync', '--json');
  await lite.stop();
  assert.equal(code, SERVER, output);
  assert.match(JSON.parse(output).error.hint, /supabase db push|psql/);
});

test('a host that is not there, and one that is no Supabase', async () => {
  const lost = newDevice('lost');
  await lost.ok('init', '--url', 'http://127.0.0.1:9', '--key', stage.publishableKey);
  const { code, errors } = await lost.run('login', '--email', ada.email, '--password-stdin', { input: ada.password });
  assert.equal(code, OFFLINE, errors);
  assert.match(errors, /127\.0\.0\.1:9/);
});

test('a session that was ended elsewhere asks to sign in again, keeps the writes, and goes on after it', async () => {
  const refused = answer(401, '{"code":"PGRST303","message":"JWT expired","details":null,"hint":null}');
  stage.proxy.always('/rpc/', refused);
  stage.proxy.always('grant_type=refresh_token', answer(400,
    '{"code":400,"error_code":"refresh_token_not_found","msg":"Invalid Refresh Token: Refresh Token Not Found"}'));
  const { code, output } = await device.run('sync', '--json');
  assert.equal(code, SIGN_IN, output);
  assert.match(JSON.parse(output).error.hint, /convoy login/);
  assert.equal((await taskOf(device, task.id)).title, 'Mine');
  const more = await device.json('task', 'create', '--milestone', plan.milestone, '--title', 'Written without a session');

  stage.proxy.calm();
  await device.json('login', '--email', ada.email, '--password-stdin', { input: ada.password });
  await converge([device, ada]);
  assert.equal((await taskOf(device, more.id))._status, 'synced');
});

test('an expired token is renewed without a word', async () => {
  const expired = answer(401, '{"code":"PGRST303","message":"JWT expired","details":null,"hint":null}');
  stage.proxy.next('/rpc/', expired);
  await device.ok('sync');
  assert.equal(stage.proxy.count('grant_type=refresh_token'), 1);
});
