// The migrations: they load again over themselves, over a database in use, and on embedded PGlite.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { createProject, GLOBAL, mutation, projectMigrations, stopPostgres, uuid } from './project.mjs';
import { Device } from './device.mjs';

after(stopPostgres);
const read = (path) => readFileSync(path, 'utf8');

describe('on Postgres', () => {
  test('a second run changes nothing that a device would notice', async () => {
    const project = await createProject();
    const ada = await project.newPerson();
    const w = await project.newWorkspace(ada, 3);
    const device = await new Device(ada).sync();
    await device.call('push', { mutations: [mutation(1, [])] });
    const [before] = await project.owner`select epoch, policy_epoch from convoy.meta`;
    const { rows, backfills } = device.stats;
    for (const path of projectMigrations()) await project.owner.unsafe(read(path));
    assert.deepEqual((await project.owner`select epoch, policy_epoch from convoy.meta`)[0], before);
    await device.sync();
    assert.deepEqual([device.stats.rows - rows, device.stats.backfills - backfills, device.stats.resets, device.lastMid], [0, 0, 0, 1]);
    await project.owner`update tasks set title = 'still seen' where id = ${w.tasks[0]}`;
    await device.sync();
    assert.deepEqual(device.content(), await device.truth());
    await project.end();
  });

  test('over a memory bank in use: what is there is logged, and those who had no members get them by hand', async () => {
    const [bank, ...rest] = projectMigrations();
    const project = await createProject({ migrations: [bank] });
    const ada = await project.newPerson();
    const [w, p, m] = [uuid(), uuid(), uuid()];
    await project.as(null, 'anon').run(async (sql) => {   // as the app without sign-in does
      await sql`insert into workspaces (id, name) values (${w}, 'W')`;
      await sql`insert into projects (id, workspace_id, name) values (${p}, ${w}, 'P')`;
      await sql`insert into milestones (id, project_id, name) values (${m}, ${p}, 'M')`;
      await sql`insert into tasks (milestone_id, title) select ${m}, 'T' from generate_series(1, 25000)`;
    });
    for (const path of rest) await project.owner.unsafe(read(path));
    await project.owner`insert into workspace_members (workspace_id, user_id, role) values (${w}, ${ada.id}, 'owner')`;
    const device = await new Device(ada, { limit: 5000 }).sync();
    assert.equal(Object.keys(device.content().tasks).length, 25000);
    assert.deepEqual([...await project.owner`select * from convoy.audit()`], []);
    await project.end();
  });
});

describe('on PGlite', () => {
  test('loads twice, pulls, back-fills and pushes', { timeout: 60_000 }, async () => {
    const { PGlite } = await import('@electric-sql/pglite');
    const db = new PGlite();
    await db.exec(`create role anon nologin; create role authenticated nologin; create role service_role nologin bypassrls; create schema auth;
      create function auth.uid() returns uuid language sql stable as $$
        select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$`);
    for (let run = 0; run < 2; ++run) for (const path of projectMigrations()) await db.exec(read(path));
    const me = uuid(), client = uuid(), w = uuid();
    const call = (name, req) => db.transaction(async (tx) => {
      await tx.query(`select set_config('request.jwt.claims', $1, true), set_config('role', 'authenticated', true)`, [JSON.stringify({ sub: me })]);
      return (await tx.query(`select ${name}($1::jsonb) as reply`, [JSON.stringify({ protocol: 1, client, ...req })])).rows[0].reply;
    });
    const first = await call('convoy_pull', {});
    assert.deepEqual(Object.keys(first.added).sort(), [GLOBAL, me].sort());
    const { epoch } = first;
    const { outcomes } = await call('convoy_push', { epoch, mutations: [
      mutation(1, [{ op: 'insert', table: 'workspaces', id: w, values: { name: 'W' } }]),
      { mid: 2, uid: uuid(), body: `{"ops":[{"op":"insert","table":"workspaces","id":"${uuid()}","values":{"name":"\\u0000"}}]}` },
      mutation(3, [{ op: 'update', table: 'workspaces', id: w, values: { name: 'V' }, base: { name: 'W' } }])] });
    assert.deepEqual(outcomes.map((o) => o.code ?? o.status), ['applied', 'CV008', 'applied']);
    const { added } = await call('convoy_pull', { epoch });
    const page = await call('convoy_backfill', { epoch, scope: w });
    assert.equal(page.changes[0].rows[0][1], 'V');
    await db.query(`update workspaces set name = 'U'`);
    const window = await call('convoy_pull', { epoch, scopes: [{ base: page.next, ids: { [w]: added[w] } }] });
    assert.equal(window.changes[0].rows[0][1], 'U');
    assert.equal(window.last_mid, 3);
    await db.close();
  });
});
