// Writers with open transactions, rollbacks, cascades, moves, grants and revocations, against devices that page slowly. When all is
// quiet, each device holds exactly what a plain select shows its user: Row Level Security is the oracle, Convoy is not asked.
//
// CONVOY_SEED repeats a seed's decisions (not the operating system's timing); CONVOY_SECONDS makes it longer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createProject, stopPostgres, mutation, uuid } from './project.mjs';
import { Device } from './device.mjs';
import { ask, hashes } from './hashes.mjs';
import { random } from './random.mjs';

const seed = Number(process.env.CONVOY_SEED ?? Date.now() % 1e9);
const seconds = Number(process.env.CONVOY_SECONDS ?? 12);

let project;
before(async () => { project = await createProject(); });
after(async () => { await project.end(); await stopPostgres(); });

test(`devices converge with what their users may see (seed ${seed})`, { timeout: 60_000 }, async (t) => {
  const people = await Promise.all(Array.from({ length: 4 }, () => project.newPerson()));
  const worlds = await Promise.all(people.map((person) => project.newWorkspace(person, 5)));
  const workspaces = worlds.map((w) => w.workspace);
  const deadline = performance.now() + seconds * 1000;
  const running = () => performance.now() < deadline;
  const done = { commits: 0, rollbacks: 0, errors: {} };

  // Every row any writer ever made; some are long gone, and writes to those do nothing.
  const known = { projects: worlds.map((w) => w.project), milestones: worlds.map((w) => w.milestone), tasks: worlds.flatMap((w) => w.tasks) };

  const acts = {
    task: async (sql, r) => {
      const id = uuid();
      known.tasks.push(id);
      await sql`insert into tasks (id, milestone_id, title) select ${id}, id, 'T' from milestones where id = ${r.pick(known.milestones)}`;
      await sql`insert into activity_feed (task_id, activity_type) select id, 'MADE' from tasks where id = ${id}`;
    },
    edit: (sql, r) => sql`update tasks set title = ${'T' + r.below(1e6)} where id = any (${[r.pick(known.tasks), r.pick(known.tasks)]})`,
    depend: (sql, r) => sql`insert into task_dependencies (task_id, depends_on_task_id) select a.id, b.id from tasks a, tasks b
        where a.id = ${r.pick(known.tasks)} and b.id = ${r.pick(known.tasks)} and a.id <> b.id on conflict do nothing`,
    remove: (sql, r) => sql`delete from tasks where id = ${r.pick(known.tasks)}`,
    milestone: async (sql, r) => {
      const id = uuid();
      known.milestones.push(id);
      await sql`insert into milestones (id, project_id, name) select ${id}, id, 'M' from projects where id = ${r.pick(known.projects)}`;
    },
    project: async (sql, r) => {
      const id = uuid();
      known.projects.push(id);
      await sql`insert into projects (id, workspace_id, name) values (${id}, ${r.pick(workspaces)}, 'P')`;
      await sql`insert into patterns (project_id, name) values (${id}, 'X')`;
    },
    moveTask: (sql, r) => sql`update tasks set milestone_id = m.id from milestones m where m.id = ${r.pick(known.milestones)} and tasks.id = ${r.pick(known.tasks)}`,
    moveMilestone: (sql, r) => sql`update milestones set project_id = p.id from projects p where p.id = ${r.pick(known.projects)} and milestones.id = ${r.pick(known.milestones)}`,
    moveProject: (sql, r) => sql`update projects set workspace_id = ${r.pick(workspaces)} where id = ${r.pick(known.projects)}`,
    removeMilestone: (sql, r) => sql`delete from milestones where id = ${r.pick(known.milestones)}`,
    grant: (sql, r) => sql`insert into workspace_members (workspace_id, user_id, role) values (${r.pick(workspaces)}, ${r.pick(people).id}, ${r.pick(['member', 'viewer'])})
        on conflict (workspace_id, user_id) do update set role = excluded.role where workspace_members.role <> 'owner'`,
    revoke: (sql, r) => sql`delete from workspace_members where workspace_id = ${r.pick(workspaces)} and user_id = ${r.pick(people).id} and role <> 'owner'`,
  };
  const weights = { task: 6, edit: 8, depend: 2, remove: 2, milestone: 1, project: 1, moveTask: 3, moveMilestone: 2, moveProject: 1, removeMilestone: 0.3, grant: 3, revoke: 2.5 };
  const urn = Object.entries(weights).flatMap(([name, n]) => Array(Math.ceil(n * 10)).fill(name));

  const writer = async (n) => {
    const r = random(seed * 31 + n);
    const sql = await project.session();
    while (running()) {
      try {
        await sql.begin(async (tx) => {
          await tx`set local lock_timeout = '2s'`;
          for (let i = 1 + r.below(5); i > 0; --i) {
            if (r.chance(0.2)) {
              await tx.savepoint(async (nested) => {
                await acts[r.pick(urn)](nested, r);
                if (r.chance(0.3)) throw new Error('savepoint');
              }).catch((error) => { if (error.message !== 'savepoint') throw error; });
            } else {
              await acts[r.pick(urn)](tx, r);
            }
            // An open transaction is the point: it writes now and becomes visible later than others that began after it.
            if (r.chance(0.2)) await tx`select pg_sleep(${r.below(60) / 1000})`;
          }
          if (r.chance(0.1)) throw new Error('rollback');
        });
        done.commits += 1;
      } catch (error) {
        done.rollbacks += 1;
        // Writers get into each other's way, as writers do; nothing else may go wrong.
        if (!['40P01', '55P03'].includes(error.code) && error.message !== 'rollback') {
          if (!['23503'].includes(error.code)) throw error;
        }
        done.errors[error.code ?? error.message] = (done.errors[error.code ?? error.message] ?? 0) + 1;
      }
    }
  };

  const pushes = { applied: 0, merged: 0, rejected: 0 };
  const devices = [];
  const reader = async (n, person, limit) => {
    const r = random(seed * 77 + n);
    const sql = await project.session();
    const device = new Device(person, { limit, sql, between: async () => { if (r.chance(0.3)) await sql`select pg_sleep(${r.below(30) / 1000})`; } });
    devices.push(device);
    let mid = 0;
    while (running()) {
      await device.sync();
      if (r.chance(0.5)) {
        const tasks = [...device.table('tasks')];
        const made = uuid();
        const ops = tasks.length > 0 && r.chance(0.7)
          ? (([id, { values }]) => [{ op: 'update', table: 'tasks', id, values: { title: `D${r.below(1e6)}` }, base: { title: values.title } }])(r.pick(tasks))
          : [{ op: 'insert', table: 'tasks', id: made, values: { milestone_id: r.pick(known.milestones), title: 'pushed' } }];
        const reply = await device.call('push', { mutations: [mutation(++mid, ops)] })
          .catch((error) => { if (['40P01', '55P03'].includes(error.code)) return undefined; throw error; });
        if (reply === undefined) mid -= 1;
        else pushes[reply.outcomes[0].status] += 1;
      }
    }
  };

  await Promise.all([
    ...Array.from({ length: 5 }, (_, n) => writer(n)),
    ...people.flatMap((person, n) => [reader(n, person, [3, 7, 40, 1000][n])]),
  ]);

  assert.deepEqual([...await project.owner`select * from convoy.audit()`], [], 'the log agrees with the tables');
  for (const device of devices) {
    await device.sync();
    assert.deepEqual(device.content(), await device.truth());
    for (const scope of device.scopes.keys()) assert.deepEqual((await ask(device, scope)).tables, hashes(device, scope), 'the hashes agree');
  }
  // A device that starts now gets the same.
  for (const person of people) {
    const fresh = await new Device(person, { limit: 50 }).sync();
    assert.deepEqual(fresh.content(), await fresh.truth());
  }
  t.diagnostic(`seed ${seed}: ${JSON.stringify(done)}, pushes ${JSON.stringify(pushes)}, ${JSON.stringify(devices.map((d) => d.stats))}`);
  assert.ok(done.commits > 50 && devices.every((d) => d.stats.rows > 50), 'something happened');
});
