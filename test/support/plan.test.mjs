import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { projectMigrations, startLite } from './lite.mjs';
import { insertPlan, planRows, TABLES } from './plan.mjs';
import { startPostgres } from './postgres.mjs';
import { adminFor, must, signUp } from './users.mjs';

let postgres, lite;
before(async () => {
  postgres = await startPostgres();
  lite = await startLite({ database: await postgres.createProject('plan'), migrations: projectMigrations() });
});
after(async () => { await lite?.stop(); await postgres?.stop(); });

test("the project's migrations take the plan; its owner sees all of it, a stranger only what is global", async () => {
  const [ada, eve] = [await signUp(lite, 'ada'), await signUp(lite, 'eve')];
  const plan = planRows();
  await insertPlan({ owner: ada.client, admin: adminFor(lite) }, plan);
  for (const table of TABLES) {
    const ids = async (client) => must(await client.from(table).select('id')).map(({ id }) => id).sort();
    assert.deepEqual(await ids(ada.client), plan.rows[table].map(({ id }) => id).sort(), table);
    const globals = plan.rows[table].filter((row) => !row.workspace_id && !row.project_id && row.name && table !== 'workspaces'
      && !('milestone_id' in row));
    assert.deepEqual(await ids(eve.client), globals.map(({ id }) => id).sort(), table);
  }
});
