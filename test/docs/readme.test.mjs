/** The documentation does what it says: the quickstart is run as it stands, links lead somewhere. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { newDevice, program } from '../support/convoy.mjs';
import { projectMigrations, startLite } from '../support/lite.mjs';
import { startPostgres } from '../support/postgres.mjs';
import { temporaryDirectory } from '../support/temporary.mjs';
import { must, signUp } from '../support/users.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The shell lines after `<!-- quickstart: NAME -->`. */
function quickstart(name) {
  const block = readme.match(new RegExp(`<!-- quickstart: ${name} -->\n\`\`\`sh\n([^]*?)\`\`\``));
  assert.ok(block, `README.md has a quickstart called ${name}`);
  return block[1];
}

const shell = (script, env) => execFileSync('bash', ['-euo', 'pipefail', '-c', script],
  { cwd: root, encoding: 'utf8', env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });

test('the quickstart in README.md works as it stands', async () => {
  const postgres = await startPostgres();
  const database = await postgres.createProject('quickstart');
  // The server is started once before the SQL is installed, as a hosted project is, so that its own schemas are there.
  const lite = await startLite({ database });
  after(async () => {
    await lite.stop();
    await postgres.stop();
  });
  shell(quickstart('server'), { DATABASE_URL: database });
  await lite.restart();

  const output = shell(quickstart('device'), {
    PATH: `${dirname(program)}:${process.env.PATH}`,
    CONVOY_HOME: temporaryDirectory('quickstart'),
    SUPABASE_URL: lite.url,
    SUPABASE_PUBLISHABLE_KEY: lite.publishableKey,
    PASSWORD: 'a long password',
  });
  assert.match(output, /Ask the dispatcher/);
  assert.match(output, /ada@example\.com/);
});

/** A project with tables of its own, made as README.md says, and the example's program on it. */
test('the example for your own tables works as it stands', async () => {
  const board = readFileSync(join(root, 'examples/board/board.cc'), 'utf8');
  const quoted = board.match(/ *\/\/ \[readme\]\n([^]*?) *\/\/ \[end\]/)[1].replaceAll(/^ {2}/gm, '');
  assert.equal(readme.match(/```cpp\n([^]*?)```/)[1], quoted, 'README.md quotes examples/board');

  const postgres = await startPostgres();
  const database = await postgres.createProject('board');
  const own = join(temporaryDirectory('board'), '20261201000000_board.sql');
  writeFileSync(own, `
    create table public.team_members (id uuid primary key default gen_random_uuid(), team_id uuid not null, user_id uuid not null, role text not null default 'member');
    create table public.boards (id uuid primary key, team_id uuid default auth.uid(), name text not null, updated_at timestamptz not null default now());
    create table public.cards (id uuid primary key, board_id uuid not null references public.boards on delete cascade, title text not null,
      updated_at timestamptz not null default now());
    create index on public.cards (board_id);
    alter table public.boards enable row level security;
    alter table public.cards enable row level security;
    create policy own on public.boards using (team_id = (select auth.uid())) with check (team_id = (select auth.uid()));
    create policy own on public.cards using (board_id in (select id from public.boards)) with check (board_id in (select id from public.boards));
    ${readme.match(/<!-- example: board -->\n```sql\n([^]*?)```/)[1]}`);
  const engine = projectMigrations().filter((path) => /_convoy_[a-z]+\.sql$/.test(path));
  assert.ok(engine.length > 0, 'the engine is in files called *_convoy_*');
  const lite = await startLite({ database, migrations: [...engine, own] });
  after(async () => {
    await lite.stop();
    await postgres.stop();
  });
  const ada = await signUp(lite, 'ada');
  const device = newDevice('board');
  await device.join(lite, ada);
  const { stdout } = await promisify(execFile)(join(dirname(program), '../../examples/convoy_example_board'), [device.home]);
  assert.match(stdout, /Repaint mast 7\n1 mutations sent/);
  assert.deepEqual(must(await ada.client.from('cards').select('title')), [{ title: 'Repaint mast 7' }]);
});

test('every link between the documents leads somewhere', () => {
  const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md',
    ...readdirSync(join(root, 'docs'), { recursive: true }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
  const broken = [];
  for (const document of documents) {
    const prose = readFileSync(join(root, document), 'utf8').replaceAll(/```[^]*?```/g, '');
    for (const [, target] of prose.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      const path = resolve(root, dirname(document), target);
      if (!existsSync(path)) broken.push(`${document}: ${relative(root, path)}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('every record of a decision has a status, a context and a decision', () => {
  for (const name of readdirSync(join(root, 'docs/adr'))) {
    const text = readFileSync(join(root, 'docs/adr', name), 'utf8');
    for (const heading of ['**Status:**', '**Context.**', '**Decision.**', '**Consequences.**']) {
      assert.ok(text.includes(heading), `${name} lacks ${heading}`);
    }
  }
});
