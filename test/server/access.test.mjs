// Who may see and do what: Row Level Security decides, and no helper of Convoy's is a way around it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createProject, GLOBAL, mutation, stopPostgres, uuid } from './project.mjs';
import { Device } from './device.mjs';

let project, owner, ada, bob, eve, w, epoch;
before(async () => {
  project = await createProject();
  ({ owner } = project);
  [ada, bob, eve] = [await project.newPerson(), await project.newPerson(), await project.newPerson()];
  w = await project.newWorkspace(ada, 3);
  ({ epoch } = await ada.pull({ client: uuid() }));
});
after(async () => { await project.end(); await stopPostgres(); });

const join = (person, role, workspace = w.workspace) => owner`insert into workspace_members (workspace_id, user_id, role)
  values (${workspace}, ${person.id}, ${role}) on conflict (workspace_id, user_id) do update set role = excluded.role`;
const push = async (person, ...ops) =>
  (await person.push({ client: uuid(), epoch, mutations: ops.map((op, i) => mutation(i + 1, [op])) })).outcomes.map((o) => o.code ?? o.status);

describe('somebody without membership', () => {
  test('receives nothing of the workspace', async () => {
    const { added } = await eve.pull({ client: uuid() });
    assert.deepEqual(Object.keys(added).sort(), [GLOBAL, eve.id].sort());
    const device = await new Device(eve).sync();
    assert.deepEqual(device.content(), await device.truth());
    assert.deepEqual(device.content().tasks, {});
  });

  test('and by naming it neither', async () => {
    const client = uuid();
    const reply = await eve.pull({ client, epoch, scopes: [{ base: '1:1:', ids: { [w.workspace]: 'owner:1' } }] });
    assert.deepEqual([reply.changes, reply.removed], [[], [w.workspace]]);
    const second = await eve.pull({ client, epoch, scopes: [{ base: '1:1:', ids: { [w.workspace]: 'owner:1' } }], target: reply.target,
      after: [w.workspace, '1', 1, ''] });
    assert.deepEqual([second.changes, second.removed], [[], [w.workspace]]);
    const page = await eve.backfill({ client, epoch, scope: w.workspace });
    assert.deepEqual([page.visibility, page.changes, page.total, page.more], [null, [], 0, false]);
  });

  test('cannot write', async () => {
    assert.deepEqual(await push(eve,
      { op: 'insert', table: 'tasks', id: uuid(), values: { milestone_id: w.milestone, title: 'x' } },
      { op: 'update', table: 'tasks', id: w.tasks[0], values: { title: 'x' }, base: {} },
      { op: 'insert', table: 'tasks', id: w.tasks[0], values: { milestone_id: w.milestone, title: 'x' } },
      { op: 'delete', table: 'tasks', id: w.tasks[0] },
      { op: 'insert', table: 'workspace_members', id: uuid(), values: { workspace_id: w.workspace, user_id: eve.id, role: 'owner' } },
      { op: 'delete', table: 'workspaces', id: w.workspace }),
    // Whether an id exists is told by its key, not its content.
    ['42501', 'CV004', '42501', '42501', '42501', '42501']);
    assert.equal((await owner`select title from tasks where id = ${w.tasks[0]}`)[0].title, 'Task');
  });

  test('gets nothing from the helpers when calling them directly', async () => {
    await eve.run(async (sql) => {
      const [{ pkg }] = await sql`select count(*)::int as pkg from convoy.changes(${[w.workspace]}::uuid[], array['1:1:']::pg_snapshot[],
        pg_current_snapshot(), null, null, null, null, 100)`;
      assert.equal(pkg, 0);
      assert.equal((await sql`select count(*)::int as n from convoy.contents(${w.workspace}, 0::smallint, '', 100)`)[0].n, 0);
      assert.equal((await sql`select convoy.count_contents(${w.workspace}) as n`)[0].n, '0');
      assert.deepEqual((await sql`select convoy.ids_of(${w.workspace}, t.id, '', 100) as ids from convoy.tables t where t.name = 'tasks'`)[0].ids, []);
      assert.equal((await sql`select convoy.is_behind(${w.workspace}, '1:1:') as behind`)[0].behind, false);
      const [{ rows }] = await sql`select convoy.rows_of(array[t.id], array[${w.tasks[0]}]::text[], array[${w.workspace}]::uuid[], array[false], false) as rows
        from convoy.tables t where t.name = 'tasks'`;
      assert.deepEqual(rows, []);
    });
    for (const table of ['log', 'client', 'outcome', 'meta', 'limbo', 'scope_sources', 'stamp']) {
      await assert.rejects(eve.run((sql) => sql`select * from convoy.${sql(table)}`), { code: '42501' }, table);
    }
    for (const call of [`convoy.gc()`, `convoy.after_restore()`, `convoy.bump_policy()`, `convoy.enable('tasks')`, `convoy.disable('tasks')`,
      `convoy.audit()`, `convoy.doctor()`, `convoy.enable_doorbell()`, `convoy.disable_doorbell()`, `convoy.schedule_gc()`, `convoy.generate(1::smallint)`,
      `convoy_doctor('{"protocol": 1}')`, `convoy.scopes_from('workspace_members')`, `convoy.place_5('{}', true, true)`, `convoy.place_waiting(5::smallint)`]) {
      await assert.rejects(eve.run((sql) => sql.unsafe(`select ${call}`)), { code: '42501' }, call);
    }
    const d = uuid();
    await ada.push({ client: d, epoch, mutations: [mutation(1, [])] });
    await assert.rejects(eve.run((sql) => sql`select convoy.open_client(${d})`), { code: 'CV010' });
    await assert.rejects(eve.run((sql) => sql`select convoy.close_client(${d}, 99, '{}', '[]')`), { code: 'CV010' });
    await assert.rejects(eve.run((sql) => sql`select convoy.revoke_client(${d})`), { code: 'CV010' });
    assert.equal((await eve.run((sql) => sql`select count(*)::int as n from convoy.my_devices() d where d.client_id = ${d}`))[0].n, 0);
  });
});

describe('roles', () => {
  test('anon, the service role and a token without a user may not sync', async () => {
    for (const [who, role] of [[null, 'anon'], [null, 'service_role'], [null, 'authenticated']]) {
      const nobody = project.as(who, role);
      await assert.rejects(nobody.pull({ client: uuid() }), { code: '42501' }, role);
      await assert.rejects(nobody.backfill({ client: uuid(), epoch, scope: GLOBAL }), { code: '42501' }, role);
      await assert.rejects(nobody.push({ client: uuid(), epoch, mutations: [mutation(1, [])] }), { code: '42501' }, role);
    }
  });

  test('viewers read and do not write; members write and do not manage; owners manage', async () => {
    const task = { op: 'insert', table: 'tasks', id: uuid(), values: { milestone_id: w.milestone, title: 'x' } };
    const member = { op: 'insert', table: 'workspace_members', id: uuid(), values: { workspace_id: w.workspace, user_id: uuid() } };
    const edit = { op: 'update', table: 'tasks', id: w.tasks[0], values: { status: 'DOING' }, base: { status: 'TODO' } };
    const end = { op: 'delete', table: 'workspaces', id: w.workspace };
    await join(bob, 'viewer');
    const device = await new Device(bob).sync();
    assert.equal(Object.keys(device.content().tasks).length, 3);
    assert.deepEqual(await push(bob, task, edit, member, end), ['42501', 'CV004', '42501', '42501']);
    await join(bob, 'member');
    assert.deepEqual(await push(bob, task, edit, member, end), ['applied', 'applied', '42501', '42501']);
    await join(bob, 'owner');
    assert.deepEqual(await push(bob, member), ['applied']);
    await owner`delete from workspace_members where user_id = ${bob.id}`;
  });

  test('reference data: global rows are everybody\'s, others the members\'; nobody syncs changes to them', async () => {
    const [all, own, byProject] = [uuid(), uuid(), uuid()];
    await owner`insert into patterns (id, workspace_id, project_id, name) values (${all}, null, null, 'all'), (${own}, ${w.workspace}, null, 'own'),
      (${byProject}, null, ${w.project}, 'project')`;
    const [hers, theirs] = [await new Device(ada).sync(), await new Device(eve).sync()];
    assert.deepEqual(Object.keys(hers.content().patterns).sort(), [all, own, byProject].sort());
    assert.deepEqual(Object.keys(theirs.content().patterns), [all]);
    assert.deepEqual(await push(ada, { op: 'update', table: 'patterns', id: own, values: { name: 'x' }, base: {} }), ['CV006']);
    const change = (person, id) => person.run((sql) => sql`update patterns set name = name where id = ${id}`).then((r) => r.count);
    assert.deepEqual([await change(ada, own), await change(ada, byProject), await change(ada, all), await change(eve, own)], [1, 1, 0, 0]);
    await assert.rejects(ada.run((sql) => sql`insert into workflows (name) values ('x')`), { code: '42501' });
    assert.equal((await project.as(null, 'service_role').run((sql) => sql`update workflows set name = name`)).command, 'UPDATE');
  });
});

describe('members', () => {
  test('the creator of a workspace owns it; the service role owns nothing', async () => {
    const [mine, nobodys] = [uuid(), uuid()];
    await ada.run((sql) => sql`insert into workspaces (id, name) values (${mine}, 'x')`);
    await project.as(null, 'service_role').run((sql) => sql`insert into workspaces (id, name) values (${nobodys}, 'x')`);
    const rows = await owner`select workspace_id, user_id, role from workspace_members where workspace_id in (${mine}, ${nobodys})`;
    assert.deepEqual(rows.map((r) => ({ ...r })), [{ workspace_id: mine, user_id: ada.id, role: 'owner' }]);
  });

  test('the last owner stays, however one tries; the workspace itself can go', async () => {
    const x = await project.newWorkspace(ada, 1);
    const guard = { code: '23514', constraint_name: 'workspace_members_keep_an_owner' };
    await assert.rejects(ada.run((sql) => sql`delete from workspace_members where workspace_id = ${x.workspace}`), guard);
    await assert.rejects(ada.run((sql) => sql`update workspace_members set role = 'member' where workspace_id = ${x.workspace}`), guard);
    await join(bob, 'owner', x.workspace);
    // Both leave at the same moment: one must stay.
    const sessions = [await project.session(), await project.session()];
    const left = await Promise.allSettled([ada, bob].map((person, i) => person.run(
      (sql) => sql`delete from workspace_members where workspace_id = ${x.workspace} and user_id = ${person.id}`, { sql: sessions[i] })));
    assert.deepEqual(left.map((l) => l.status).sort(), ['fulfilled', 'rejected']);
    const [stays] = await owner`select user_id from workspace_members where workspace_id = ${x.workspace}`;
    assert.deepEqual(await push(stays.user_id === ada.id ? ada : bob, { op: 'delete', table: 'workspaces', id: x.workspace }), ['applied']);
    assert.equal((await owner`select count(*)::int as n from workspace_members where workspace_id = ${x.workspace}`)[0].n, 0);
  });

  test('gaining, changing and losing a membership reaches the device', async () => {
    const x = await project.newWorkspace(ada, 2);
    const device = await new Device(eve).sync();
    const tasks = () => Object.keys(device.content().tasks).length;
    assert.equal(tasks(), 0);
    await join(eve, 'member', x.workspace);
    assert.equal((await device.sync(), tasks()), 2);
    const { backfills } = device.stats;
    await join(eve, 'viewer', x.workspace);
    await device.sync();
    assert.equal(device.stats.backfills, backfills + 1, 'another role may see more or less');
    await owner`delete from workspace_members where user_id = ${eve.id}`;
    await device.sync();
    assert.deepEqual(device.content(), await device.truth());
    assert.equal(tasks(), 0);
    assert.ok([...device.rows.values()].every((rows) => rows.size === 0 || [...rows.values()].every((r) => r.scope === GLOBAL)));
  });

  test('a new policy epoch makes every device look again', async () => {
    const device = await new Device(ada).sync();
    const before = device.stats.backfills;
    await owner`select convoy.bump_policy()`;
    await device.sync();
    assert.equal(device.stats.backfills, before + device.scopes.size);
  });

  test('a row that RLS hides goes from the device, and comes back', async () => {
    await owner.unsafe(`create table private_notes (id uuid primary key, owner uuid, hidden boolean default false, body text);
      alter table private_notes enable row level security; grant all on private_notes to authenticated;
      create policy p on private_notes for all to authenticated using (owner = (select auth.uid()) and not hidden);
      select convoy.enable('private_notes', scope_column => 'owner')`);
    const id = uuid();
    await owner`insert into private_notes values (${id}, ${bob.id}, false, 'x')`;
    const device = await new Device(bob).sync(), other = await new Device(eve).sync();
    assert.deepEqual(Object.keys(device.content().private_notes), [id]);
    assert.deepEqual(other.content().private_notes, {});
    for (const [hidden, expected] of [[true, []], [false, [id]]]) {
      await owner`update private_notes set hidden = ${hidden}`;
      assert.deepEqual(Object.keys((await device.sync()).content().private_notes), expected);
    }
  });
});

describe('the catalog', () => {
  test('every definer function is known, with an empty search_path and no public execute', async () => {
    const functions = await owner`
      select p.oid::regprocedure::text as name, n.nspname as schema, p.proname, p.prosecdef as definer, p.provolatile as volatility,
             coalesce(array_to_string(p.proconfig, ';'), '') as config,
             has_function_privilege('anon', p.oid, 'execute') as anon, has_function_privilege('authenticated', p.oid, 'execute') as authenticated,
             has_function_privilege('service_role', p.oid, 'execute') as service
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname in ('convoy', 'bank') or p.proname like 'convoy\\_%' order by 1`;
    // Those that a signed-in caller may run although they see more than the caller: each checks the caller itself.
    const open = ['changes', 'close_client', 'contents', 'count_contents', 'fate', 'gc_sometimes', 'ids_of', 'is_behind', 'later_than', 'my_devices',
      'my_scopes', 'my_workspaces', 'open_client', 'revoke_client', 'session'];
    assert.deepEqual(functions.filter((f) => f.definer && f.authenticated).map((f) => f.proname).toSorted(), open);
    for (const f of functions) {
      assert.equal(f.anon, false, `${f.name}: anon`);
      assert.equal(f.service, f.proname === 'convoy_doctor', `${f.name}: service_role`);
      if (f.definer) assert.match(f.config, /search_path=""/, f.name);
    }
    const outer = Object.fromEntries(functions.filter((f) => f.schema === 'public').map((f) => [f.proname, `${f.definer} ${f.volatility} ${f.authenticated}`]));
    // The doctor looks at the project, not at the caller's rows, and only the service role may ask it.
    assert.deepEqual(outer, { convoy_pull: 'false s true', convoy_backfill: 'false s true', convoy_push: 'false v true', convoy_verify: 'false s true',
      convoy_schema: 'false s true', convoy_devices: 'false s true', convoy_hello: 'false v true', convoy_revoke_device: 'false v true',
      convoy_doctor: 'true s false' });
  });

  test('callers read one of Convoy\'s tables and write none', async () => {
    const grants = await owner`select table_name, grantee, privilege_type from information_schema.role_table_grants
      where table_schema = 'convoy' and grantee in ('anon', 'authenticated', 'service_role', 'PUBLIC')`;
    assert.deepEqual(grants.map((g) => `${g.table_name} ${g.grantee} ${g.privilege_type}`), ['tables authenticated SELECT']);
  });

  test('every table of the memory bank has RLS, and nothing for anon', async () => {
    const open = await owner`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not relrowsecurity`;
    assert.deepEqual([...open], []);
    const anon = project.as(null, 'anon');
    for (const table of ['workspaces', 'workspace_members', 'projects', 'tasks', 'workflows', 'patterns']) {
      assert.equal((await anon.run((sql) => sql`select count(*)::int as n from ${sql(table)}`))[0].n, 0, table);
    }
  });
});
