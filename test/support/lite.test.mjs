import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startLite } from './lite.mjs';
import { startPostgres } from './postgres.mjs';
import { adminFor, clientFor, must, signUp } from './users.mjs';

const migrations = [fileURLToPath(new URL('migrations/20200101000000_notes.sql', import.meta.url))];

for (const backend of ['Postgres', 'PGlite']) {
  describe(`lite on ${backend}`, () => {
    let postgres, lite, ada, ben;
    before(async () => {
      const database = backend === 'Postgres' ? await (postgres = await startPostgres()).createProject('notes') : undefined;
      lite = await startLite({ database, migrations });
      [ada, ben] = [await signUp(lite, 'ada'), await signUp(lite, 'ben')];
    });
    after(async () => { await lite?.stop(); await postgres?.stop(); });

    test('an RPC runs as the signed-in user', async () => {
      const answer = must(await ada.client.rpc('who', { req: { a: 1 } }));
      assert.equal(answer.role, 'authenticated');
      assert.equal(answer.user, ada.id);
      if (backend === 'Postgres') assert.equal(answer.superuser, false);
    });

    test('a jsonb argument is an object on PGlite, a string on Postgres', async () => {
      const { kind } = must(await ada.client.rpc('who', { req: { a: 1 } }));
      assert.equal(kind, backend === 'Postgres' ? 'string' : 'object');
    });

    test('Row Level Security separates users, and the secret key sees all', async () => {
      must(await ada.client.rpc('add_note', { req: { title: "Ada's" } }));
      assert.equal(must(await ada.client.from('notes').select('title')).length, 1);
      assert.equal(must(await ben.client.from('notes').select('title')).length, 0);
      assert.equal(must(await adminFor(lite).from('notes').select('title')).length, 1);
    });

    test('a wrong key and a wrong password are refused', async () => {
      assert.equal((await clientFor(lite, 'sb_publishable_wrong').from('notes').select()).status, 401);
      const { error } = await clientFor(lite).auth.signInWithPassword({ email: ada.email, password: 'wrong' });
      assert.equal(error.code, 'invalid_credentials');
    });

    test('a restart keeps data, port, keys and sessions', async () => {
      must(await ada.client.rpc('add_note', { req: { title: 'before' } }));
      await lite.restart(async () => assert.rejects(fetch(lite.url)));
      const titles = must(await ada.client.from('notes').select('title').eq('title', 'before'));
      assert.equal(titles.length, 1);
    });
  });
}
