/**
 * A hosted-like project on a throw-away Postgres with all of the project's migrations, and people who call it as PostgREST would:
 * one transaction, the role `authenticated`, the token's claims in a setting.
 */
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import connect from 'postgres';
import { projectMigrations } from '../support/lite.mjs';
import { startPostgres } from '../support/postgres.mjs';

export { projectMigrations };
export const uuid = randomUUID;
export const GLOBAL = '00000000-0000-0000-0000-000000000000';

// What GoTrue brings. On a hosted project it belongs to somebody else than the project's owner.
const AUTH = `
  create schema if not exists auth;
  create table if not exists auth.users (id uuid primary key, email text);
  create or replace function auth.uid() returns uuid language sql stable as $$
    select coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
                    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
  grant usage on schema auth to anon, authenticated, service_role;
  grant usage on schema auth to project_owner with grant option;
  grant usage, create on schema public to project_owner;
  grant all on auth.users to project_owner;`;

const HOSTED = readFileSync(new URL('../support/hosted.sql', import.meta.url), 'utf8');

let server;
/** One Postgres for a whole test file. */
export async function postgres() {
  return server ??= await startPostgres({ settings: { max_prepared_transactions: '4' } });
}
export const stopPostgres = async () => { await server?.stop(); server = undefined; };

let count = 0;

/** A new database with `migrations`, by default all of the project's. */
export async function createProject({ migrations = projectMigrations() } = {}) {
  const pg = await postgres();
  const name = `project_${++count}`;
  const url = await pg.createProject(name);
  const superuser = connect(pg.superuserUrl(name), { max: 1, onnotice() {} });
  await superuser.unsafe(AUTH);
  await superuser.end();
  const project = openProject(name, url);
  for (const text of [HOSTED, ...migrations.map((path) => readFileSync(path, 'utf8'))]) await project.owner.unsafe(text);
  return project;
}

/** A database that is there. */
export function openProject(name, url) {
  const owner = connect(url, { max: 4, onnotice() {}, prepare: false });
  const others = [];
  const project = {
    name, url, owner,
    /** Another connection of the owner, for transactions that stay open. */
    async session() {
      const sql = connect(url, { max: 1, onnotice() {}, prepare: false });
      others.push(sql);
      await sql`select 1`;
      return sql;
    },
    as: (user, role = 'authenticated') => new Person(project, user, role),
    async newPerson() {
      const id = uuid();
      await owner`insert into auth.users (id) values (${id})`;
      return project.as(id);
    },
    /** A workspace of `person` with a project, a milestone and tasks. */
    async newWorkspace(person, tasks = 1) {
      const w = { workspace: uuid(), project: uuid(), milestone: uuid(), tasks: Array.from({ length: tasks }, () => uuid()) };
      await owner.begin(async (sql) => {
        await sql`insert into workspaces (id, name) values (${w.workspace}, 'Workspace')`;
        await sql`insert into workspace_members (workspace_id, user_id, role) values (${w.workspace}, ${person.id}, 'owner')`;
        await sql`insert into projects (id, workspace_id, name) values (${w.project}, ${w.workspace}, 'Project')`;
        await sql`insert into milestones (id, project_id, name) values (${w.milestone}, ${w.project}, 'Milestone')`;
        for (const id of w.tasks) await sql`insert into tasks (id, milestone_id, title) values (${id}, ${w.milestone}, 'Task')`;
      });
      return w;
    },
    async end() {
      await Promise.all([owner, ...others].map((sql) => sql.end({ timeout: 1 })));
    },
  };
  return project;
}

/** An error as PostgREST would report it. */
function postgrest(error) {
  if (error.code === 'PGRST') {
    const { code, message, details } = JSON.parse(error.message);
    return Object.assign(new Error(message), { code, details });
  }
  return error;
}

export class Person {
  constructor(project, id, role) {
    Object.assign(this, { project, id, role });
  }

  /** Runs `work(sql)` in a transaction as this person. */
  run(work, { sql = this.project.owner, mode = '' } = {}) {
    return sql.begin(mode, async (tx) => {
      await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: this.id ?? undefined, role: this.role })}, true),
                      set_config('role', ${this.role}, true), set_config('search_path', 'public, extensions', true)`;
      return work(tx);
    }).catch((error) => { throw postgrest(error); });
  }

  async call(name, req, options) {
    const rows = await this.run((sql) => sql.unsafe(`select public.${name}($1::text::jsonb) as reply`, [JSON.stringify(req)]), options);
    return rows[0].reply;
  }

  pull(req, options) { return this.call('convoy_pull', { protocol: 1, ...req }, { mode: 'read only', ...options }); }
  backfill(req, options) { return this.call('convoy_backfill', { protocol: 1, ...req }, { mode: 'read only', ...options }); }
  push(req, options) { return this.call('convoy_push', { protocol: 1, ...req }, options); }
  verify(req, options) { return this.call('convoy_verify', { protocol: 1, ...req }, { mode: 'read only', ...options }); }
  describe(options) { return this.call('convoy_schema', { protocol: 1 }, { mode: 'read only', ...options }); }
  hello(req, options) { return this.call('convoy_hello', { protocol: 1, ...req }, options); }
  devices(options) { return this.call('convoy_devices', { protocol: 1 }, { mode: 'read only', ...options }); }
  revoke(client, options) { return this.call('convoy_revoke_device', { protocol: 1, client }, options); }
}

/** A mutation as it travels. */
export const mutation = (mid, ops, { uid = uuid(), hlc } = {}) => ({ mid, uid, hlc, body: JSON.stringify({ ops }) });
export const insert = (table, id, values = {}, more) => ({ op: 'insert', table, id, values, ...more });
export const update = (table, id, values, base) => ({ op: 'update', table, id, values, base });
export const remove = (table, id) => ({ op: 'delete', table, id });

/** A device of `person` that numbers its mutations, each a list of operations. */
export function pusher(person, { client = uuid(), epoch, sql } = {}) {
  let mid = 0;
  const options = sql && { sql };
  const device = {
    client,
    raw: (mutations, more) => person.push({ client, epoch, mutations, ...more }, options),
    push: (...lists) => device.pushAt(undefined, ...lists),
    /** The same with a time of its own: `hlc`, or none. */
    async pushAt(hlc, ...lists) {
      const reply = await device.raw(lists.map((ops) => mutation(++mid, ops, { hlc })));
      if (reply.status !== 'ok') throw new Error(reply.status);
      return reply.outcomes;
    },
  };
  return device;
}
