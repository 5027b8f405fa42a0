/**
 * A throw-away Postgres (15 or later, from the distribution's package) in a temporary directory on a free loopback port.
 *
 *   const postgres = await startPostgres();
 *   const url = await postgres.createProject('name');   // an empty database shaped like a hosted Supabase project
 *   await postgres.restart({ how: 'immediate' });        // as after a power cut
 *   await postgres.stop();
 */
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import connect from 'postgres';
import { startChild } from './child.mjs';
import { removeDirectory, temporaryDirectory } from './temporary.mjs';
import { freePort, giveUp, until } from './wait.mjs';

const HOSTED_ROLES = fileURLToPath(new URL('hosted-roles.sql', import.meta.url));
const SIGNALS = { smart: 'TERM', fast: 'INT', immediate: 'QUIT', kill: 'KILL' };

/** The newest installed version's programs; `CONVOY_PG_BIN` names another place. */
function binaries() {
  if (process.env.CONVOY_PG_BIN) return process.env.CONVOY_PG_BIN;
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).map(Number).filter((version) => version >= 15) : [];
  if (versions.length === 0) throw new Error('No Postgres 15 or later is installed; scripts/test installs it');
  return join(root, String(Math.max(...versions)), 'bin');
}

/** Postgres refuses to run as root: then it runs as the package's own user. */
function unprivileged() {
  if (process.getuid() !== 0) return {};
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/**
 * @param {{fsync?: boolean, settings?: Record<string, string>}} options
 *   Without `fsync` committed data survive the end of Postgres, however violent, but not that of the machine.
 */
export async function startPostgres({ fsync = false, settings = {} } = {}) {
  const bin = binaries();
  const user = unprivileged();
  const home = temporaryDirectory('postgres');
  if (user.uid !== undefined) chownSync(home, user.uid, user.gid);
  const data = join(home, 'data');
  const log = join(home, 'log');
  const port = await freePort();
  const inHome = { ...user, cwd: home, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } };

  execFileSync(join(bin, 'initdb'),
    ['--pgdata', data, '--username', 'superuser', '--auth', 'trust', '--encoding', 'UTF8', '--no-sync'],
    { ...inHome, stdio: ['ignore', 'ignore', 'inherit'] });

  const configuration = {
    listen_addresses: '127.0.0.1', port, unix_socket_directories: '', fsync: fsync ? 'on' : 'off',
    full_page_writes: fsync ? 'on' : 'off',
    shared_buffers: '64MB', max_connections: '100', log_min_messages: 'warning', ...settings,
  };
  const command = [join(bin, 'postgres'), '-D', data,
    ...Object.entries(configuration).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const urlOf = (database, role) => `postgres://${role}@127.0.0.1:${port}/${database}`;

  let server;
  async function start() {
    // QUIT: end at once, without a checkpoint, when the tests are gone.
    server = startChild(command, { ...inHome, log, last: 'QUIT' });
    const sql = connect(urlOf('postgres', 'superuser'), { max: 1, connect_timeout: 2, onnotice() {} });
    try {
      await until(async () => {
        if (!server.running()) throw giveUp(`Postgres did not start:\n${server.log()}`);
        return (await sql`select 1`).length;
      }, { what: 'Postgres is ready' });
    } finally {
      await sql.end();
    }
  }
  await start();

  return {
    port,
    /** How to reach a database as the superuser. */
    superuserUrl: (database = 'postgres') => urlOf(database, 'superuser'),
    log: () => readFileSync(log, 'utf8'),

    /** Creates a database shaped like a hosted Supabase project; returns its URL as the project's owner, who is no superuser. */
    async createProject(name) {
      const superuser = connect(urlOf('postgres', 'superuser'), { max: 1, onnotice() {} });
      try {
        if ((await superuser`select from pg_roles where rolname = 'project_owner'`).length === 0) {
          await superuser.file(HOSTED_ROLES);
        }
        await superuser`create database ${superuser(name)} owner project_owner`;
      } finally {
        await superuser.end();
      }
      return urlOf(name, 'project_owner');
    },

    /** Starts again on the same data and port; `how` is the way it stops before: smart, fast, immediate or kill. */
    async restart({ how = 'fast' } = {}) {
      await server.signal(SIGNALS[how]);
      await start();
    },

    async stop(how = 'immediate') {
      await server.signal(SIGNALS[how]);
      removeDirectory(home);
    },
  };
}
