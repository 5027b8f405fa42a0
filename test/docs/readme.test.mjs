/** The documentation does what it says: the quickstart is run as it stands, links lead somewhere. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';
import { program } from '../support/convoy.mjs';
import { startLite } from '../support/lite.mjs';
import { startPostgres } from '../support/postgres.mjs';
import { temporaryDirectory } from '../support/temporary.mjs';

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

test('every link between the documents leads somewhere', () => {
  const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md',
    ...readdirSync(join(root, 'docs'), { recursive: true }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
  const broken = [];
  for (const document of documents) {
    for (const [, target] of readFileSync(join(root, document), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)) {
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
