// The doctor: each finding appears when there is something to find, goes when its fix is run, and a sound project has none.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import connect from 'postgres';
import { createProject, postgres, stopPostgres } from './project.mjs';
import { until } from '../support/wait.mjs';

let project, owner, ada, w;
before(async () => {
  project = await createProject();
  ({ owner } = project);
  ada = await project.newPerson();
  w = await project.newWorkspace(ada, 3);
});
after(async () => { await project.end(); await stopPostgres(); });

const examine = async (old = '15 minutes') => (await owner`select * from convoy.doctor(${old}::interval)`).map((f) => ({ ...f }));
const found = async (check, subject, old) => (await examine(old)).filter((f) => f.check === check && (subject === undefined || f.subject === subject));

test('a sound project has no findings', async () => {
  assert.deepEqual(await examine(), []);
});

/** Breaks something, expects the finding, runs its fix (or `heal`, where the doctor cannot know it), expects it gone. */
const cases = [
  { check: 'rls_off', severity: 'error', subject: 'tasks', harm: 'alter table tasks disable row level security' },
  { check: 'no_select_policy', severity: 'warning', subject: 'notes', harm: 'drop policy open on notes',
    heal: 'create policy open on notes for select to authenticated using (true)' },
  { check: 'no_grant', severity: 'warning', subject: 'notes', harm: 'revoke all on notes from authenticated' },
  { check: 'no_with_check', severity: 'note', subject: 'notes', harm: `create policy w on notes for update to authenticated using (body <> 'x')` },
  { check: 'auth_per_row', severity: 'warning', subject: 'notes', harm: `create policy a on notes for select to authenticated using (id = auth.uid())`,
    heal: `alter policy a on notes using (id = (select auth.uid()))` },
  { check: 'auth_per_row', severity: 'warning', subject: 'notes', harm: `create policy b on notes for insert to authenticated with check (body = auth.role())`,
    heal: `alter policy b on notes with check (body = (select auth.role()))` },
  { check: 'policy_changed', severity: 'warning', subject: 'tasks', harm: `create policy more on tasks for select to authenticated using (title = 'public')` },
  { check: 'no_index', severity: 'warning', subject: 'children', harm: 'drop index children_note' },
  { check: 'no_index', severity: 'warning', subject: 'projects', harm: 'drop index projects_workspace' },
  { check: 'triggers', severity: 'error', subject: 'tasks', harm: 'alter table tasks disable trigger convoy_update' },
  { check: 'triggers', severity: 'error', subject: 'tasks', harm: 'alter table tasks enable trigger convoy_insert' },
  { check: 'triggers', severity: 'error', subject: 'tasks', harm: 'drop trigger convoy_truncate on tasks' },
  { check: 'log_differs', severity: 'error', subject: 'notes', harm: `alter table notes disable trigger convoy_insert; insert into notes values (gen_random_uuid(), 'unseen');
    alter table notes enable always trigger convoy_insert` },
  { check: 'log_differs', severity: 'error', subject: 'notes', harm: `alter table notes disable trigger convoy_delete; delete from notes;
    alter table notes enable always trigger convoy_delete` },
  { check: 'custom_rule', severity: 'error', subject: 'notes', harm: 'revoke execute on function chosen(jsonb, jsonb, jsonb) from public, authenticated' },
  { check: 'custom_rule', severity: 'error', subject: 'notes', harm: 'drop function chosen(jsonb, jsonb, jsonb)',
    heal: `create function chosen(a jsonb, b jsonb, c jsonb) returns jsonb language sql as 'select b'` },
  { check: 'view', severity: 'error', subject: 'public.all_tasks', harm: 'create view all_tasks as select * from tasks' },
  { check: 'view', severity: 'error', subject: 'public.frozen_tasks', harm: 'create materialized view frozen_tasks as select * from tasks' },
  { check: 'membership_rls', severity: 'error', subject: 'public.workspace_members', harm: 'alter table workspace_members disable row level security' },
  { check: 'membership_index', severity: 'warning', subject: 'public.workspace_members', harm: 'drop index workspace_members_user' },
  { check: 'not_synced', severity: 'note', subject: 'public.lonely', harm: 'create table lonely (id uuid primary key)' },
  { check: 'statement_timeout', severity: 'warning', subject: 'role authenticated', harm: `alter role authenticated set statement_timeout = '2s'` },
  { check: 'restored', severity: 'error', subject: 'server', harm: 'update convoy.meta set sysid = sysid + 1' },
  { check: 'gc_overdue', severity: 'warning', subject: 'convoy.log', harm: `delete from tasks where title = 'old'; update convoy.log set dead_at = now() - interval '101 days' where dead` },
];

describe('findings', () => {
  before(() => owner.unsafe(`
    create function chosen(a jsonb, b jsonb, c jsonb) returns jsonb language sql as 'select b';
    create table notes (id uuid primary key, body text); insert into notes values (gen_random_uuid(), 'kept');
    create table children (id uuid primary key, note uuid references notes); create index children_note on children (note);
    alter table notes enable row level security; create policy open on notes for select to authenticated using (true);
    alter table children enable row level security; create policy open on children for select to authenticated using (true);
    select convoy.enable('notes', columns => '{"body": {"rule": "custom", "function": "public.chosen"}}'); select convoy.enable('children', scope_via => 'note')`));

  for (const { check, severity, subject, harm, heal } of cases) {
    test(`${check}: ${harm.split('\n')[0].slice(0, 70)}`, async () => {
      if (check === 'gc_overdue') await owner`insert into tasks (milestone_id, title) values (${w.milestone}, 'old')`;
      if (harm.includes('auth.role()')) await superuser('create or replace function auth.role() returns text language sql stable as $$ select null::text $$');
      assert.deepEqual(await found(check, subject), []);
      await owner.unsafe(harm);
      const findings = await found(check, subject);
      assert.equal(findings.length, 1, JSON.stringify(await examine()));
      assert.equal(findings[0].severity, severity);
      assert.ok(findings[0].message.length > 20);
      assert.equal(findings[0].fix === null, heal !== undefined, findings[0].fix);
      await owner.unsafe(heal ?? findings[0].fix);
      assert.deepEqual(await found(check, subject), []);
      await owner.unsafe('drop view if exists all_tasks; drop materialized view if exists frozen_tasks');
    });
  }
  async function superuser(text) {
    const sql = connect((await postgres()).superuserUrl(project.name), { max: 1, onnotice() {} });
    await sql.unsafe(text);
    await sql.end();
  }

  test('transactions that stay open, and prepared ones', async () => {
    const open = await project.session();
    await open.begin(async (sql) => {
      const [{ pid }] = await sql`select pg_backend_pid() as pid, pg_current_xact_id()`;
      assert.equal((await found('old_transaction', `process ${pid}`)).length, 0);
      const [finding] = await found('old_transaction', `process ${pid}`, '0');
      assert.equal(finding.fix, `select pg_terminate_backend(${pid})`);
    });
    const sql = await project.session();
    await sql.unsafe(`begin; update tasks set title = 'late'; prepare transaction 'it''s late'`);
    assert.equal((await found('prepared_transaction', "it's late")).length, 0);
    const [finding] = await found('prepared_transaction', "it's late", '0');
    await owner.unsafe(finding.fix);
    assert.deepEqual(await found('prepared_transaction', "it's late", '0'), []);
  });

  test('a log that vacuum does not keep up with', async () => {
    assert.deepEqual(await found('log_bloat'), []);
    await owner.unsafe('alter table convoy.log set (autovacuum_enabled = off)');
    await owner.unsafe(`create table many (id int primary key); select convoy.enable('many'); insert into many select generate_series(1, 6000)`);
    for (let i = 0; i < 2; ++i) await owner`update many set id = id`;
    const [finding] = await until(async () => {
      await owner`select pg_stat_force_next_flush()`;
      const findings = await found('log_bloat');
      return findings.length > 0 && findings;
    });
    await owner.unsafe(finding.fix);
    await until(async () => (await found('log_bloat')).length === 0);
    await owner.unsafe(`select convoy.disable('many'); drop table many; alter table convoy.log reset (autovacuum_enabled)`);
  });

  test('Realtime without a doorbell', async () => {
    assert.deepEqual(await found('no_doorbell'), []);
    await owner.unsafe(`create schema realtime; create function realtime.send(payload jsonb, event text, topic text, private boolean default true)
      returns void language sql as ''`);
    const [finding] = await found('no_doorbell');
    await owner.unsafe(finding.fix);
    assert.deepEqual(await found('no_doorbell'), []);
    await owner.unsafe('select convoy.disable_doorbell(); drop schema realtime cascade');
  });
});

test('a view that asks as its reader, a timeout of a minute and a trusted index are no findings', async () => {
  await owner.unsafe(`create view fine with (security_invoker = on) as select * from tasks; alter role authenticated set statement_timeout = '1min'`);
  assert.deepEqual(await found('view', 'public.fine'), []);
  assert.deepEqual(await found('statement_timeout'), []);
  await owner.unsafe(`alter role authenticated set statement_timeout = '3000'`);
  assert.equal((await found('statement_timeout')).length, 1);
  await owner.unsafe(`alter role authenticated set statement_timeout = '0'`);
  assert.deepEqual(await found('statement_timeout'), []);
  await owner.unsafe(`alter role authenticated reset statement_timeout; drop view fine`);
});

test('the service role asks by HTTP, worst first', async () => {
  await owner.unsafe(`create table stray (id uuid primary key); alter table children disable row level security`);
  const { status, findings } = await project.as(null, 'service_role').call('convoy_doctor', { protocol: 1 });
  assert.equal(status, 'ok');
  assert.deepEqual(Object.keys(findings[0]).sort(), ['check', 'fix', 'message', 'severity', 'subject']);
  assert.deepEqual([findings[0].check, findings[0].subject, findings.at(-1).severity], ['rls_off', 'children', 'note']);
  await assert.rejects(ada.call('convoy_doctor', { protocol: 1 }), { code: '42501' });
});
