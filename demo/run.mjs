/**
 * The main job of Convoy, shown with the real program: two devices edit offline, come back, and agree.
 *
 * Usage: node demo/run.mjs [--headless]      (scripts/demo builds first)
 */
import { projectMigrations, startLite } from '../test/support/lite.mjs';
import { newDevice, program, programExists } from '../test/support/convoy.mjs';
import { insertPlan, planRows, TABLES as PLANNED } from '../test/support/plan.mjs';
import { adminFor, must, signUp } from '../test/support/users.mjs';
import { bold, chapter, faint, green, red, say, table, yellow } from './page.mjs';
import { deviceRows, differences, serverRows } from '../test/support/proof.mjs';

const TABLES = ['workspace_members', ...PLANNED];
const headless = process.argv.includes('--headless');
if (!programExists()) {
  console.error(`${program} is not there yet: run ./scripts/demo, which builds it.`);
  process.exit(1);
}

// The people, their devices and the server ------------------------------------------------------------------------------

chapter('A Supabase project, two people, two devices');
say('Starting a local Supabase (embedded Postgres, loopback only, fresh keys) and applying supabase/migrations …');
const server = await startLite({ migrations: projectMigrations() });
const ada = await signUp(server, 'ada', { email: 'ada@example.com' });
const ben = await signUp(server, 'ben', { email: 'ben@example.com' });

const plan = planRows();
await insertPlan({ owner: ada.client, admin: adminFor(server) }, plan);
must(await ada.client.from('workspace_members').insert({ workspace_id: plan.workspace, user_id: ben.id, role: 'member' }));
say(`It listens on ${bold(server.url)}. Ada owns the workspace "${plan.rows.workspaces[0].name}"; Ben is a member.`, '');

const laptop = newDevice("Ada's laptop"), tablet = newDevice("Ben's tablet");
await laptop.join(server, ada);
await tablet.join(server, ben);
for (const device of [laptop, tablet]) await device.ok('sync');
await countRows();

// Offline -----------------------------------------------------------------------------------------------------------------

const at = (key) => plan.id(key);
const titleOf = (id) => plan.rows.tasks.find((task) => task.id === id)?.title ?? id;

await server.restart(async () => {
  chapter('The server is gone, and both go on working');
  const edits = [];
  const edit = async (device, what, ...command) => {
    const row = await device.json('task', ...command);
    edits.push([device.name, what]);
    return row;
  };

  await edit(laptop, `renames "${titleOf(at('B3'))}"`, 'update', at('B3'), '--title', 'Pull synchronisation, page by page');
  await edit(tablet, 'marks the same task DONE', 'update', at('B3'), '--status', 'DONE');

  await edit(laptop, `sets the status of "${titleOf(at('B4'))}" to IN_PROGRESS`, 'update', at('B4'), '--status', 'IN_PROGRESS');
  await edit(tablet, 'sets the same status to BLOCKED', 'update', at('B4'), '--status', 'BLOCKED');

  const parent = await edit(laptop, 'creates the task "Retry with jitter" …', 'create', '--milestone', at('M3'), '--title', 'Retry with jitter');
  await edit(laptop, '… and a subtask of it', 'create', '--milestone', at('M3'), '--title', 'Measure the back-off', '--parent', parent.id);

  await edit(laptop, `deletes "${titleOf(at('E6'))}"`, 'delete', at('E6'));
  await edit(tablet, 'describes that very task', 'update', at('E6'), '--description', 'One page per command');

  await edit(tablet, `deletes "${titleOf(at('D6'))}"`, 'delete', at('D6'));
  table(['device', 'offline'], edits, { width: 70 });

  say(faint('convoy status, on each:'));
  for (const device of [laptop, tablet]) await show(device, 'status');
});

// Back --------------------------------------------------------------------------------------------------------------------

chapter('The server is back');
for (const device of [laptop, tablet, laptop]) {
  say(`${bold(device.name)}: convoy sync`);
  await show(device, 'sync');
}

chapter('What became of the edits');
const task = async (device, key) => (await device.json('task', 'list')).find(({ id }) => id === at(key));
const after = [];
for (const [key, what] of [['B3', 'two columns of one task'], ['B4', 'one column, two values']]) {
  const { title, status } = await task(laptop, key);
  after.push([what, title, status]);
}
table(['edited on both', 'title now', 'status now'], after);

for (const device of [laptop, tablet]) {
  const conflicts = await device.json('conflicts');
  if (conflicts.length === 0) continue;
  say(`${bold(device.name)}: convoy conflicts`);
  table(['task', 'column', 'was', 'mine', 'theirs', 'kept', 'rule'],
    conflicts.map(({ id, column, base, client, server: theirs, kept, rule }) =>
      [titleOf(id), column, base, client, theirs, yellow(kept), rule]));
}
for (const device of [laptop, tablet]) {
  const parked = await device.json('queue');
  if (parked.length === 0) continue;
  say(`${bold(device.name)}: convoy queue ${faint('(refused by the server, kept until its user decides; nothing waits for it)')}`);
  await show(device, 'queue');
}

// Proof -------------------------------------------------------------------------------------------------------------------

chapter('Do they agree?');
const verdicts = [];
let unequal = 0;
for (const [device, person] of [[laptop, ada], [tablet, ben]]) {
  const truth = await serverRows(person.client, TABLES);
  const different = differences(truth, deviceRows(device, TABLES));
  const count = Object.values(truth).reduce((sum, rows) => sum + rows.length, 0);
  verdicts.push([device.name, person.name, count, different.length === 0 ? green('equal') : red(`${different.length} differ`)]);
  unequal += different.length;
  for (const one of different.slice(0, 10)) say(red(JSON.stringify(one)));
}
table(['device', "server's answer to", 'rows', 'every column of every row'], verdicts);
say(unequal === 0
  ? green('Both files hold exactly what the server shows their users.')
  : red('The devices and the server do not agree.'), '');

if (headless || unequal > 0) {
  await server.stop();
  process.exit(unequal === 0 ? 0 : 1);
}

say(`The server keeps running until Ctrl-C. To look around:`, '',
  `  url   ${server.url}`, `  key   ${server.publishableKey}`,
  `  ada   ${ada.email}  ${ada.password}`, `  ben   ${ben.email}  ${ben.password}`, '',
  ...[
    [laptop, 'task list'], [laptop, `task update ${at('B5')} --status IN_PROGRESS`], [laptop, 'sync'],
    [tablet, 'sync'], [tablet, `task show ${at('B5')}`],
  ].map(([{ name, home }, command]) => `CONVOY_HOME='${home}' '${program}' ${command}   ${faint(`# ${name}`)}`), '');

// -------------------------------------------------------------------------------------------------------------------------

/** Prints what a command prints for people. */
async function show(device, ...command) {
  const { output, errors } = await device.run(...command);
  for (const line of (output + errors).trimEnd().split('\n')) say(`  ${faint('│')} ${line}`);
  say('');
}

async function countRows() {
  const truth = await serverRows(ada.client, TABLES);
  const [hers, his] = [laptop, tablet].map((device) => deviceRows(device, TABLES));
  table(['table', 'server', laptop.name, tablet.name],
    TABLES.map((name) => [name, truth[name].length, hers[name].length, his[name].length]));
}
