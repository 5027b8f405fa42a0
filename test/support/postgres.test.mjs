import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import connect from 'postgres';
import { startPostgres } from './postgres.mjs';

let postgres;
before(async () => { postgres = await startPostgres(); });
after(() => postgres.stop());

const query = async (url, text) => {
  const sql = connect(url, { max: 1, onnotice() {} });
  try { return await sql.unsafe(text); } finally { await sql.end(); }
};

test('it is Postgres 15 or later', async () => {
  const [{ version }] = await query(postgres.superuserUrl(), `select current_setting('server_version_num')::int as version`);
  assert.ok(version >= 150000, `${version}`);
});

test("a project's owner is no superuser and may act as the request roles", async () => {
  const url = await postgres.createProject('owned');
  const [row] = await query(url, `select rolsuper, rolbypassrls, pg_has_role('authenticated', 'member') as member
    from pg_roles where rolname = current_user`);
  assert.deepEqual({ ...row }, { rolsuper: false, rolbypassrls: true, member: true });
});

test('committed data survive an immediate restart on the same port', async () => {
  const url = await postgres.createProject('kept');
  await query(url, 'create table t as select 42 as n');
  await postgres.restart({ how: 'immediate' });
  assert.equal((await query(url, 'select n from t'))[0].n, 42);
});
