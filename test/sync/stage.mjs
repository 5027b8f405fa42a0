/**
 * What the sync tests share: a local Supabase on a real Postgres behind a proxy, with the memory bank and its policies, and people with devices.
 */
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { deviceRows, differences, serverRows } from '../support/proof.mjs';
import { newDevice } from '../support/convoy.mjs';
import { projectMigrations, startLite } from '../support/lite.mjs';
import { startPostgres } from '../support/postgres.mjs';
import { startProxy } from '../support/proxy.mjs';
import { adminFor, must, signUp } from '../support/users.mjs';

export const TABLES = ['workspaces', 'workspace_members', 'projects', 'milestones', 'tasks', 'task_dependencies',
  'activity_feed', 'workflows', 'patterns', 'best_practices'];

/** Starts everything; it ends with the test file, at whose top level this is called. `migrations` replaces the project's own. */
export async function openStage({ migrations = projectMigrations(), upgrade, ...options } = {}) {
  const postgres = await startPostgres();
  const database = await postgres.createProject('stage');
  const lite = await startLite({ database, migrations, ...options });
  const proxy = await startProxy(lite.url, { upgrade });
  after(async () => {
    await proxy.stop();
    await lite.stop();
    await postgres.stop();
  });
  const reached = { url: proxy.url, publishableKey: lite.publishableKey };

  return {
    postgres, database, lite, proxy, url: proxy.url, publishableKey: lite.publishableKey, admin: adminFor(lite),

    person: (name) => signUp(lite, name),

    /** A device of `person`, signed in, not synced yet. */
    async device(person, name = `${person.name}'s device`) {
      const device = newDevice(name);
      await device.join(reached, person);
      return device;
    },

    /** A workspace of `owner`'s with a project, a milestone and tasks with these titles; the ids of all of them. */
    async plan(owner, titles = []) {
      const insert = async (table, row) => must(await owner.client.from(table).insert(row).select().single()).id;
      const workspace = crypto.randomUUID();
      must(await owner.client.from('workspaces').insert({ id: workspace, name: 'Stage' }));
      const project = await insert('projects', { workspace_id: workspace, name: 'Play' });
      const milestone = await insert('milestones', { project_id: project, name: 'First act' });
      const tasks = [];
      for (const title of titles) tasks.push(await insert('tasks', { milestone_id: milestone, title }));
      return { workspace, project, milestone, tasks };
    },

    join: async (owner, workspace, person, role = 'member') =>
      must(await owner.client.from('workspace_members').insert({ workspace_id: workspace, user_id: person.id, role })),

    leave: async (owner, workspace, person) =>
      must(await owner.client.from('workspace_members').delete().match({ workspace_id: workspace, user_id: person.id })),
  };
}

/** Fails unless the device's file holds exactly what the server shows its person. */
export async function assertAgrees(device, person, tables = TABLES) {
  const found = differences(await serverRows(person.client, tables), deviceRows(device, tables));
  assert.deepEqual(found, [], `${device.name} and the server differ`);
}

/** Syncs each device twice over, so that all of them have seen what all of them sent; then checks every one. */
export async function converge(...pairs) {
  for (let round = 0; round < 2; ++round) {
    for (const [device] of pairs) {
      const { code, output, errors } = await device.run('sync');
      assert.ok(code === 0 || code === 9, `sync of ${device.name}: ${code}\n${output}${errors}`); // 9: something is parked.
    }
  }
  for (const [device, person] of pairs) await assertAgrees(device, person);
}

/** The row with this id in a device's list of tasks. */
export const taskOf = async (device, id) => (await device.json('task', 'list')).find((task) => task.id === id);
