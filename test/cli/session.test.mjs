/** init, login and logout with the real program and a real server. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { newDevice } from '../support/convoy.mjs';
import { projectMigrations, startLite } from '../support/lite.mjs';
import { startProxy } from '../support/proxy.mjs';
import { signUp } from '../support/users.mjs';
import { atTerminal } from './terminal.mjs';

const [USAGE, NOT_NOW, SIGN_IN, SERVER, LOCAL] = [2, 4, 5, 7, 8];
let lite, proxy, ada, ben;

before(async () => {
  lite = await startLite({ migrations: projectMigrations() });
  proxy = await startProxy(lite.url);
  [ada, ben] = [await signUp(lite, 'ada'), await signUp(lite, 'ben')];
});
after(async () => { await proxy?.stop(); await lite?.stop(); });

const server = () => ({ url: proxy.url, publishableKey: lite.publishableKey });

async function configured(name) {
  const device = newDevice(name);
  await device.ok('init', '--url', proxy.url, '--key', lite.publishableKey);
  return device;
}

const login = (device, person, password = person.password) =>
  device.run('login', '--email', person.email, '--password-stdin', '--json', { input: `${password}\n` });

test('without a project every command that needs one says so', async () => {
  const device = newDevice('empty');
  for (const command of [['task', 'list'], ['sync'], ['login', '--email', 'a@b.c', '--password-stdin'], ['queue'], ['conflicts']]) {
    const { code, output, errors } = await device.run(...command, { input: 'password\n' });
    assert.equal(code, SIGN_IN, `${command}: ${output}${errors}`);
    assert.match(errors, /^convoy: .*\n {2}.*convoy init/);
  }
  const { project, user, signed_in: signedIn } = await device.json('status');
  assert.deepEqual([project, user, signedIn], [null, null, false]);
});

test('init refuses keys and addresses that would do harm', async () => {
  const device = newDevice('careless');
  for (const [url, key] of [[lite.url, lite.secretKey], ['http://example.com', lite.publishableKey],
    ['ftp://example.com', lite.publishableKey], ['', lite.publishableKey], [lite.url, '']]) {
    const { code, output, errors } = await device.run('init', '--url', url, '--key', key);
    assert.equal(code, USAGE, `${url} ${key}: ${output}${errors}`);
    if (key) assert.ok(!errors.includes(key), errors);
  }
  assert.deepEqual(await device.json('init', '--url', `${lite.url}/`, '--key', lite.publishableKey),
    { url: lite.url, home: device.home });
});

test('signing up and in, and the wrong password', async () => {
  const device = await configured('new');
  const cleo = { email: 'cleo@example.com', password: "cleo's pässword" };
  const wrong = await login(device, cleo);
  assert.equal(wrong.code, SIGN_IN, wrong.output);
  assert.equal(JSON.parse(wrong.output).error.code, 'InvalidCredentials');
  const { user } = await device.json('login', '--email', cleo.email, '--password-stdin', '--sign-up', { input: cleo.password });
  assert.match(user.id, /^[0-9a-f-]{36}$/);
  assert.equal(user.email, cleo.email);
  assert.equal((await device.json('status')).user.id, user.id);
  await device.ok('logout');
  assert.equal((await login(device, cleo, 'something else')).code, SIGN_IN);
  assert.equal((await login(device, cleo)).code, 0);
});

test('the password can come from a variable', async () => {
  const device = await configured('variable');
  await device.ok('login', '--email', ada.email, { env: { CONVOY_PASSWORD: ada.password } });
  assert.equal((await device.json('status')).signed_in, true);
});

test('passwords and tokens are in no file that others can read, and in no output', async () => {
  const device = await configured('secrets');
  const { output, errors } = await login(device, ada);
  await device.ok('sync');
  const files = readdirSync(device.home, { recursive: true }).map((name) => join(device.home, name))
    .filter((name) => statSync(name).isFile());
  const session = JSON.parse(readFileSync(files.find((name) => name.endsWith('session.json')), 'utf8'));
  const secrets = [ada.password, ...Object.values(session).filter((value) => typeof value === 'string' && value.length > 40)];
  assert.ok(secrets.length > 1, Object.keys(session).join());
  const status = await device.ok('status', '--json');
  for (const secret of secrets) assert.ok(!(output + errors + status).includes(secret));
  for (const file of files) {
    assert.ok(!readFileSync(file).includes(ada.password), file);
    assert.equal(statSync(file).mode & 0o077, 0, `${file} is for its owner only`);
  }
});

test('logout keeps unsent work unless told otherwise', async () => {
  const device = await configured('leaving');
  await login(device, ada);
  await device.ok('sync');
  await device.ok('workspace', 'create', '--name', 'Not sent');
  const refused = await device.run('logout', '--json');
  assert.equal(refused.code, LOCAL, refused.output);
  assert.equal((await device.json('status')).signed_in, true);

  const { database_path: file } = await device.json('status');
  assert.deepEqual(await device.json('logout', '--keep-data'), { signed_out: true, server_told: true });
  assert.equal((await device.json('status')).signed_in, false);
  for (const command of [['sync'], ['workspace', 'list']]) {
    const { code, output } = await device.run(...command, '--json');
    assert.equal(code, SIGN_IN, `${command}: ${output}`);
  }
  await login(device, ben);
  assert.deepEqual(await device.json('workspace', 'list'), [], "another's data is not theirs to see");
  await device.ok('logout');

  await login(device, ada);
  assert.equal((await device.json('status')).pending, 1);
  assert.equal((await device.json('workspace', 'list')).some(({ name }) => name === 'Not sent'), true);
  assert.ok(existsSync(file));
  await device.ok('logout', '--discard-pending');
  assert.ok(!existsSync(file));
  assert.equal((await login(device, ben)).code, 0);
});

test('logout works while the server is away', async () => {
  const device = newDevice('away');
  await device.join(server(), ben);
  await proxy.down();
  assert.deepEqual(await device.json('logout'), { signed_out: true, server_told: false });
  await proxy.up();
  assert.equal((await device.json('status')).signed_in, false);
});

test('a wrong address and a wrong key have their own errors', async () => {
  const device = newDevice('wrong');
  await device.ok('init', '--url', 'http://127.0.0.1:9', '--key', lite.publishableKey);
  assert.equal((await login(device, ada)).code, NOT_NOW);
  await device.ok('init', '--url', 'https://no-such-host.invalid', '--key', lite.publishableKey);
  assert.equal((await login(device, ada)).code, NOT_NOW);
  await device.ok('init', '--url', proxy.url, '--key', 'sb_publishable_wrong');
  const key = await login(device, ada);
  assert.equal(key.code, SERVER, key.output);
  assert.equal(JSON.parse(key.output).error.code, 'InvalidApiKey');
});

test('at a terminal the password is asked for and not shown', async () => {
  const device = await configured('terminal');
  const { code, screen } = await atTerminal(device, ['login'],
    [['E-mail: ', `${ada.email}\n`], ['Password: ', `${ada.password}\n`]]);
  assert.equal(code, 0, screen);
  assert.ok(screen.includes(`Signed in as ${ada.email}`), screen);
  assert.ok(!screen.includes(ada.password), screen);
});

test('Ctrl-C at the password prompt ends the program', async () => {
  const device = await configured('interrupted');
  const { code } = await atTerminal(device, ['login', '--email', ada.email], [['Password: ', '\x03']]);
  assert.equal(code, 130);
});
