/** Typed records do what their page says: its examples are the program's, and the program is run. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { newDevice, program } from '../support/convoy.mjs';
import { projectMigrations, startLite } from '../support/lite.mjs';
import { startPostgres } from '../support/postgres.mjs';
import { temporaryDirectory } from '../support/temporary.mjs';
import { must, signUp } from '../support/users.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const examples = join(dirname(program), '../../examples');

/** Without the indentation that all lines have. */
function flush(text) {
  const lines = text.split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => line.match(/^ */)[0].length));
  return lines.map((line) => line.slice(indent)).join('\n');
}

test('the examples of docs/reference/typed-records.md are those of the program', () => {
  const page = readFileSync(join(root, 'docs/reference/typed-records.md'), 'utf8');
  const source = readFileSync(join(root, 'examples/typed/typed.cc'), 'utf8');
  const header = readFileSync(join(examples, 'convoy_types/convoy_example_typed/app_schema.h'), 'utf8');
  const sections = [...source.matchAll(/ *\/\/ \[\w+\]\n([^]*?) *\/\/ \[end\]/g)].map(([, text]) => flush(text));
  const quoted = [...page.matchAll(/```cpp\n([^]*?)```/g)].map(([, text]) => text);
  for (const block of quoted) assert.ok(sections.includes(block) || header.includes(block), block);
  for (const section of sections) assert.ok(quoted.includes(section), `the page does not show:\n${section}`);
});

test('the example with typed records works as it stands', async () => {
  const postgres = await startPostgres();
  const database = await postgres.createProject('typed');
  const own = join(temporaryDirectory('typed'), '20261201000000_typed.sql');
  writeFileSync(own, `
    create table public.boards (id uuid primary key, owner uuid default auth.uid(), name text not null, updated_at timestamptz not null default now());
    create table public.cards (id uuid primary key, board_id uuid not null references public.boards on delete cascade, title text not null,
      status text not null, points float8, due_at timestamptz, labels jsonb, updated_at timestamptz not null default now());
    create index on public.cards (board_id);
    alter table public.boards enable row level security;
    alter table public.cards enable row level security;
    create policy own on public.boards using (owner = (select auth.uid())) with check (owner = (select auth.uid()));
    create policy own on public.cards using (board_id in (select id from public.boards)) with check (board_id in (select id from public.boards));
    select convoy.enable('boards', scope_column => 'owner');
    select convoy.enable('cards', scope_via => 'board_id');`);
  const engine = projectMigrations().filter((path) => /_convoy_[a-z]+\.sql$/.test(path));
  const lite = await startLite({ database, migrations: [...engine, own] });
  after(async () => {
    await lite.stop();
    await postgres.stop();
  });
  const ada = await signUp(lite, 'ada');
  const device = newDevice('typed');
  await device.join(lite, ada);
  const { stdout } = await promisify(execFile)(join(examples, 'convoy_example_typed'), [device.home]);
  assert.match(stdout, /^2 cards, 1 boards with work$/m);
  assert.match(stdout, /^Oil the points is on Signals$/m);
  assert.match(stdout, /^Signals: 2 cards$/m);
  assert.match(stdout, /^Repaint mast 7: DONE$/m);
  assert.match(stdout, /^1 to do$/m);
  assert.match(stdout, /^2 mutations sent$/m);
  const cards = must(await ada.client.from('cards').select('title,status,points,due_at,labels').order('title'));
  assert.deepEqual(cards, [
    { title: 'Oil the points', status: 'TODO', points: null, due_at: null, labels: ['urgent'] },
    { title: 'Repaint mast 7', status: 'DONE', points: 3, due_at: null, labels: null },
  ]);
});
