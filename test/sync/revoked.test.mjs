/** A device that its owner signed out from another one: it stops, and after a new sign-in goes on as a new device with what it has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '../support/users.mjs';
import { assertAgrees, openStage } from './stage.mjs';

const stage = await openStage();
const ada = await stage.person('ada');

test('signed out from another device, and in again', async () => {
  const laptop = await stage.device(ada, 'laptop');
  const phone = await stage.device(ada, 'phone');
  const plan = await stage.plan(ada, ['One']);
  await laptop.ok('sync');
  await phone.ok('sync');
  const devices = async () => await laptop.json('devices', 'list');
  await phone.ok('devices', 'rename', 'Phone');
  const before = (await devices()).find(({ name }) => name === 'Phone').id;
  await laptop.ok('devices', 'revoke', before);

  const mine = await phone.json('task', 'create', '--milestone', plan.milestone, '--title', 'Written after');
  const refused = await phone.run('sync');
  assert.equal(refused.code, 5, refused.errors);
  assert.match(refused.errors, /signed out/);
  assert.match(refused.errors, /convoy login/);
  assert.equal((await phone.json('status')).pending, 1);

  await phone.json('login', '--email', ada.email, '--password-stdin', { input: `${ada.password}\n` });
  await phone.ok('sync');
  assert.equal(must(await ada.client.from('tasks').select('title').eq('id', mine.id))[0].title, 'Written after');
  await assertAgrees(phone, ada);
  const [now] = (await phone.json('devices', 'list')).filter((device) => device.this);
  assert.notEqual(now.id, before);
  assert.equal(now.revoked, false);
});
