/** The rows of demo/convoy-plan.json: the plan of Convoy's own development, as seed data. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { must } from './users.mjs';

const PLAN = new URL('../../demo/convoy-plan.json', import.meta.url);

/** Tables in the order in which rows can be inserted. */
export const TABLES = ['workspaces', 'projects', 'milestones', 'tasks', 'task_dependencies', 'activity_feed',
  'workflows', 'patterns', 'best_practices'];

/** The same UUID for the same words. */
export function idOf(...words) {
  const hex = createHash('sha256').update(words.join('\0')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * All rows, as `{workspaces: [...], projects: [...], …}`. `id(key)` gives the id of a key of the file (`T1`, `M2`, `PROJ-001`);
 * another `seed` gives other ids.
 */
export function planRows({ seed = 'plan' } = {}) {
  const plan = JSON.parse(readFileSync(PLAN, 'utf8'));
  const id = (...words) => idOf(seed, ...words);
  const rows = Object.fromEntries(TABLES.map((table) => [table, []]));
  const workspace = id(plan.workspace.key);
  rows.workspaces.push({ id: workspace, name: plan.workspace.name, description: plan.workspace.description });

  for (const { key, name, description, overview, tech_stack, status, milestones } of plan.projects) {
    rows.projects.push({ id: id(key), workspace_id: workspace, name, description, overview, tech_stack, status });
    for (const milestone of milestones) {
      rows.milestones.push({
        id: id(milestone.key), project_id: id(key), name: milestone.name, status: milestone.status,
        target_date: milestone.target_date,
      });
      for (const task of milestone.tasks) {
        rows.tasks.push({
          id: id(task.key), milestone_id: id(milestone.key), parent_task_id: task.parent ? id(task.parent) : null,
          title: task.title, current_stage: task.stage, status: task.status,
        });
        for (const other of task.depends_on ?? []) {
          rows.task_dependencies.push({ id: id(task.key, other), task_id: id(task.key), depends_on_task_id: id(other) });
        }
      }
    }
  }

  rows.workflows.push({ id: id('workflow'), ...plan.workflow });
  const scoped = ({ scope, ...row }) => ({
    id: id(row.name), ...row,
    workspace_id: scope === 'workspace' ? workspace : null,
    project_id: scope.startsWith('project:') ? id(scope.slice('project:'.length)) : null,
  });
  rows.patterns.push(...plan.patterns.map(scoped));
  rows.best_practices.push(...plan.best_practices.map(scoped));
  return { rows, id, workspace };
}

const REFERENCE = ['workflows', 'patterns', 'best_practices'];
const isGlobal = (table, row) => REFERENCE.includes(table) && !row.workspace_id && !row.project_id;

/**
 * Inserts all rows: those of the workspace as its `owner`, and the global ones, which no member may write, as `admin`
 * (both supabase-js clients).
 */
export async function insertPlan({ owner, admin }, { rows }) {
  for (const table of TABLES) {
    for (const [client, theirs] of [
      [owner, rows[table].filter((row) => !isGlobal(table, row))],
      [admin, rows[table].filter((row) => isGlobal(table, row))],
    ]) {
      if (theirs.length > 0) must(await client.from(table).insert(theirs));
    }
  }
}
