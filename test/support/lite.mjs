/**
 * A local Supabase: npm's @supabase/lite (PostgREST- and GoTrue-compatible) on a free loopback port with generated keys, on a
 * Postgres (`database`: its URL) or, without one, on embedded PGlite.
 *
 *   const lite = await startLite({ database: await postgres.createProject('demo'), migrations: projectMigrations() });
 *   lite.url, lite.publishableKey, lite.secretKey
 *   await lite.restart();    // same data, port and keys; also re-reads the schema
 *   await lite.stop();
 *
 * Migrations are applied before it starts, after `hosted.sql`, which adds what a hosted project has. How lite differs from a
 * hosted project is listed in README.md beside this file.
 */
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from './child.mjs';
import { removeDirectory, temporaryDirectory } from './temporary.mjs';
import { freePort, giveUp, until } from './wait.mjs';

const PROGRAM = fileURLToPath(new URL('../../node_modules/@supabase/lite/dist/cli/index.js', import.meta.url));
const HOSTED = fileURLToPath(new URL('hosted.sql', import.meta.url));
const PROJECT = fileURLToPath(new URL('../../supabase/migrations', import.meta.url));

/** The project's own migrations, in order. */
export const projectMigrations = () =>
  readdirSync(PROJECT).filter((name) => name.endsWith('.sql')).sort().map((name) => join(PROJECT, name));

/**
 * @param {{database?: string, migrations?: string[], jwtLifetime?: number, confirmEmail?: boolean, directory?: string}} options
 *   `migrations`: paths of SQL files; `jwtLifetime`: seconds; `directory`: keep the project there and leave it when stopped.
 */
export async function startLite({
  database, migrations = [], jwtLifetime = 3600, confirmEmail = false, directory,
} = {}) {
  const home = directory ?? temporaryDirectory('lite');
  const log = join(home, 'lite.log');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  mkdirSync(join(home, 'supabase/migrations'), { recursive: true });
  copyFileSync(HOSTED, join(home, 'supabase/migrations/00000000000000_hosted.sql'));
  const addMigration = (path) => {
    if (!/^\d{14}_/.test(basename(path))) throw new Error(`${path}: a migration's name begins with its 14-digit version`);
    copyFileSync(path, join(home, 'supabase/migrations', basename(path)));
  };
  migrations.forEach(addMigration);
  writeFileSync(join(home, 'supabase/config.toml'), configuration({ port, database, jwtLifetime, confirmEmail }));

  const env = { ...process.env, DO_NOT_TRACK: '1', NO_COLOR: '1', NODE_NO_WARNINGS: '1' };
  const run = (...command) => startChild([process.execPath, PROGRAM, ...command], { cwd: home, env, log });
  const lite = async (...command) => {
    if (await run(...command).exited !== 0) throw new Error(`lite ${command.join(' ')}:\n${readFileSync(log, 'utf8')}`);
  };

  let publishableKey, secretKey, server;
  async function start() {
    await lite('migration', 'up');
    server = run('start', '--no-admin');
    await until(async () => {
      if (!server.running()) throw giveUp(`lite ended:\n${server.log()}`);
      return (await fetch(`${url}/auth/v1/health`, { headers: { apikey: publishableKey } })).ok;
    }, { what: `lite answers on ${url} (its output: ${log})`, within: 60_000 });
  }
  await lite('generate-keys');
  const keys = Object.fromEntries(readFileSync(join(home, '.env'), 'utf8').trim().split('\n').map((line) => line.split('=')));
  publishableKey = keys.SUPABASE_PUBLISHABLE_KEY;
  secretKey = keys.SUPABASE_SECRET_KEY;
  await start();

  return {
    url, port, publishableKey, secretKey,
    log: () => readFileSync(log, 'utf8'),

    /** Applies one more migration and restarts, because lite reads the schema when it starts. */
    async migrate(path) {
      addMigration(path);
      await this.restart();
    },

    /** Starts again with the same data, port and keys. `whileDown` runs in between. */
    async restart(whileDown = async () => {}) {
      await server.signal('TERM');
      await whileDown();
      await start();
    },

    async stop() {
      await server.signal('TERM');
      if (!directory) removeDirectory(home);
    },
  };
}

function configuration({ port, database, jwtLifetime, confirmEmail }) {
  const [driver, location] = database
    ? ['postgres', `${database}?client_min_messages=warning`] // It prints every notice, and raises dozens.
    : ['pglite', 'file:./supabase/.temp/data'];
  return `[api]
port = ${port}
max_rows = 100000

[db]
driver = "${driver}"
url = "${location}"

[auth]
enabled = true
jwt_secret = "${randomBytes(32).toString('hex')}"
jwt_expiry = ${jwtLifetime}
enable_signup = true
publishable_key = "env(SUPABASE_PUBLISHABLE_KEY)"
secret_key = "env(SUPABASE_SECRET_KEY)"

[auth.email]
enable_confirmations = ${confirmEmail}
`;
}
