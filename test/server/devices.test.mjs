// Devices: they say hello, their user sees them and signs them out. And what a generator of code is told.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { createProject, GLOBAL, insert, mutation, pusher, stopPostgres, uuid } from './project.mjs';
import { until } from '../support/wait.mjs';

let project, owner, ada, bob, epoch;
before(async () => {
  project = await createProject();
  ({ owner } = project);
  [ada, bob] = [await project.newPerson(), await project.newPerson()];
  ({ epoch } = await ada.pull({ client: uuid() }));
});
after(async () => { await project.end(); await stopPostgres(); });

const listed = async (person, client) => (await person.devices()).devices.find((d) => d.client === client);

describe('devices', () => {
  test('hello registers and renames', async () => {
    const client = uuid();
    const reply = await ada.hello({ client, device: { name: 'Laptop', program: 'convoy 0.1' } });
    assert.deepEqual([reply.status, reply.epoch, reply.last_mid, reply.realtime], ['ok', epoch, 0, false]);
    assert.equal(reply.version, readFileSync(new URL('../../VERSION', import.meta.url), 'utf8').trim());
    assert.ok(Math.abs(Date.parse(reply.server_time) - Date.now()) < 60_000);
    const first = await listed(ada, client);
    assert.deepEqual(Object.keys(first).sort(), ['client', 'created_at', 'is_revoked', 'last_mid', 'name', 'program', 'seen_at']);
    assert.deepEqual([first.name, first.program, first.last_mid, first.is_revoked], ['Laptop', 'convoy 0.1', 0, false]);
    await ada.hello({ client, device: { name: 'Work' } });
    const { name, program } = await listed(ada, client);
    assert.deepEqual([name, program], ['Work', 'convoy 0.1']);
    await owner`update convoy.client set seen_at = '2020-01-01' where client_id = ${client}`;
    await ada.hello({ client });
    assert.ok(Date.parse((await listed(ada, client)).seen_at) > Date.parse('2021-01-01'));
  });

  test('a push says it too, and a pull may', async () => {
    const client = uuid(), about = { name: 'é'.repeat(300), program: 'x' };
    await ada.pull({ client, device: about });
    assert.equal(await listed(ada, client), undefined, 'a pull writes nothing');
    await ada.push({ client, epoch, device: about, mutations: [mutation(1, [])] });
    const { name, last_mid: last } = await listed(ada, client);
    assert.deepEqual([name, last], ['é'.repeat(200), 1]);
    await ada.push({ client, epoch, mutations: [mutation(2, [])] });
    assert.equal((await listed(ada, client)).program, 'x');
  });

  test('everybody sees and signs out their own', async () => {
    const client = uuid();
    await ada.hello({ client });
    assert.equal(await listed(bob, client), undefined);
    await assert.rejects(bob.hello({ client, device: { name: 'mine' } }), { code: 'CV010' });
    await assert.rejects(bob.revoke(client), { code: 'CV010' });
    await assert.rejects(ada.revoke(uuid()), { code: 'CV010' });
    assert.equal((await listed(ada, client)).is_revoked, false);
  });

  test('a device that was signed out can do nothing; the others go on', async () => {
    const [lost, kept] = [pusher(ada, { epoch }), pusher(ada, { epoch })];
    await lost.push([]);
    await kept.push([]);
    assert.equal((await ada.revoke(lost.client)).status, 'ok');
    assert.equal((await listed(ada, lost.client)).is_revoked, true);
    const client = lost.client, code = { code: 'CV012' };
    await assert.rejects(lost.raw([mutation(2, [])]), code);
    await assert.rejects(ada.pull({ client }), code);
    await assert.rejects(ada.backfill({ client, epoch, scope: GLOBAL }), code);
    await assert.rejects(ada.verify({ client, epoch, scope: GLOBAL, base: '1:1:', columns: {} }), code);
    await assert.rejects(ada.hello({ client }), code);
    assert.equal((await kept.push([]))[0].status, 'applied');
    await ada.revoke(client);
    assert.equal((await listed(ada, client)).is_revoked, true);
  });

  test('signed out while its push waits: the push fails and leaves nothing', async () => {
    const d = pusher(ada, { epoch, sql: await project.session() });
    await d.push([]);
    const id = uuid();
    const blocker = await project.session();
    let failed;
    await blocker.begin(async (sql) => {
      await sql`update convoy.client set revoked_at = now() where client_id = ${d.client}`;
      failed = assert.rejects(d.push([insert('workspaces', id, { name: 'W' })]), { code: 'CV012' });
      await until(async () => (await owner`select count(*)::int as n from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0`)[0].n > 0);
    });
    await failed;
    assert.equal((await owner`select count(*)::int as n from workspaces where id = ${id}`)[0].n, 0);
  });

  test('malformed requests, and nobody', async () => {
    for (const req of [{}, { client: 'x' }, { client: uuid(), device: 'Laptop' }, { client: uuid(), device: [] }]) {
      await assert.rejects(ada.hello(req), { code: 'CV009' }, JSON.stringify(req));
    }
    await assert.rejects(ada.push({ client: uuid(), epoch, device: 7, mutations: [] }), { code: 'CV009' });
    for (const client of [undefined, 'x']) await assert.rejects(ada.revoke(client), { code: 'CV009' });
    for (const [who, role] of [[null, 'anon'], [null, 'service_role'], [null, 'authenticated']]) {
      const nobody = project.as(who, role);
      for (const call of [() => nobody.hello({ client: uuid() }), () => nobody.devices(), () => nobody.revoke(uuid()), () => nobody.describe()]) {
        await assert.rejects(call(), { code: '42501' }, role);
      }
    }
  });
});

describe('the schema for generators', () => {
  test('tables, columns, rules and relations, as far as the caller may see them', async () => {
    await owner.unsafe(`create table authors (id uuid primary key, name text not null default 'N'); create table elsewhere (id uuid primary key);
      create table books (id bigint primary key, author uuid references authors, other uuid references elsewhere, no int generated always as identity,
        twice int generated always as (1) stored, title text not null, secret text, hits int);
      create index on books (author); create index on books (title, author); create index on books (hits) where hits > 0;
      grant select, insert, update on authors to authenticated; revoke all on books from authenticated;
      grant select (id, author, other, no, twice, title, hits), insert, update on books to authenticated;
      select convoy.enable('authors'); select convoy.enable('books', scope_via => 'author', columns => '{"hits": "counter"}', on_delete => 'resurrect', conflict => 'client_wins')`);
    const { status, fingerprint, tables } = await ada.describe();
    assert.equal(status, 'ok');
    assert.equal(fingerprint, (await ada.pull({ client: uuid() })).schema.fingerprint);
    const column = (name, more) => ({ name, type: 'integer', nullable: true, default: false, write: true, rule: 'client_wins', references: null, indexed: false, ...more });
    assert.deepEqual(tables.find((t) => t.name === 'books'), {
      name: 'books', id: 'id', id_type: 'bigint', conflict: 'client_wins', on_delete: 'resurrect', scope: { column: null, via: 'author', parent: 'authors' },
      columns: [
        column('author', { type: 'uuid', references: { table: 'authors', column: 'id', on_delete: 'nothing' }, indexed: true }),
        column('other', { type: 'uuid' }),
        column('no', { nullable: false, default: true, write: false }),
        column('twice', { default: true, write: false }),
        column('title', { type: 'text', nullable: false, indexed: true }),
        column('hits', { rule: 'counter' }),
      ] });
    assert.deepEqual(tables.find((t) => t.name === 'tasks').columns.filter((c) => c.references).map((c) => [c.name, c.references.table, c.references.on_delete]),
      [['milestone_id', 'milestones', 'cascade'], ['parent_task_id', 'tasks', 'set_null']]);
    assert.deepEqual(tables.find((t) => t.name === 'workspaces').scope, { column: 'id', via: null, parent: null });
    await owner`revoke all on authors from authenticated`;
    assert.equal((await ada.describe()).tables.find((t) => t.name === 'authors'), undefined);
  });
});
