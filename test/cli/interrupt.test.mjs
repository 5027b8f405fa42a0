/** Ctrl-C in a sync, and deleting a whole workspace, with the real program and a real server. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newDevice } from '../support/convoy.mjs';
import { projectMigrations, startLite } from '../support/lite.mjs';
import { gate, startProxy } from '../support/proxy.mjs';
import { must, signUp } from '../support/users.mjs';

let lite, proxy, ada, device;

before(async () => {
  lite = await startLite({ migrations: projectMigrations() });
  proxy = await startProxy(lite.url);
  ada = await signUp(lite, 'ada');
  device = newDevice('laptop');
  await device.join({ url: proxy.url, publishableKey: lite.publishableKey }, ada);
  await device.ok('sync');
});
after(async () => { await proxy?.stop(); await lite?.stop(); });

test('Ctrl-C ends a sync in order, soon, and nothing is lost', async () => {
  await device.ok('workspace', 'create', '--name', 'Mine');
  const { hold, reached, open } = gate();
  proxy.next('/rpc/convoy_pull', hold);
  const running = device.start('sync');
  await reached;
  const began = Date.now();
  const { code, errors } = await running.kill('SIGINT');
  open();
  assert.equal(code, 130, errors);
  assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
  assert.match(errors, /^convoy: /m);
  await device.ok('sync');
  assert.equal((await device.json('status')).pending, 0);
});

test('a workspace is deleted with its members and all it holds', async () => {
  const { id } = await device.json('workspace', 'create', '--name', 'Doomed');
  await device.ok('project', 'create', '--workspace', id, '--name', 'P');
  await device.ok('sync');
  await device.ok('workspace', 'delete', id, '--yes');
  assert.equal((await device.run('sync')).code, 0, await device.ok('queue'));
  assert.deepEqual(must(await ada.client.from('workspaces').select('id').eq('id', id)), []);
  assert.deepEqual(await device.json('queue'), []);
});
