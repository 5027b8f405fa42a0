/**
 * The `convoy` program, run as a person would run it, one CONVOY_HOME per device.
 *
 *   const device = newDevice('laptop');
 *   await device.json('login', '--email', email, '--password-stdin', { input: password });   // parsed output; throws on failure
 *   const { code, output, errors } = await device.run('sync');
 *   const running = device.start('sync'); running.kill();                                     // kill -9
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { removeDirectory, temporaryDirectory } from './temporary.mjs';

const preset = process.env.CONVOY_PRESET ?? 'dev';

/** Where the program was built; CONVOY_PROGRAM names another. */
export const program = process.env.CONVOY_PROGRAM
  ?? fileURLToPath(new URL(`../../build/${preset}/apps/convoy/convoy`, import.meta.url));

/** Whether it has been built. */
export const programExists = () => existsSync(program);

/** A device called `name`; `home` is a temporary directory unless given. */
export function newDevice(name, { home = temporaryDirectory(`device-${name.replace(/\W+/g, '-')}`), env = {} } = {}) {
  function start(...command) {
    const options = typeof command.at(-1) === 'object' ? command.pop() : {};
    const child = spawn(program, command.map(String), {
      env: { ...process.env, NO_COLOR: '1', ...env, ...options.env, CONVOY_HOME: home },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '', errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { output += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { errors += text; });
    child.stdin.on('error', () => {}); // It may not read what it is given.
    child.stdin.end(options.input ?? '');
    const ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ command, code, signal, output, errors }));
    });
    return { ended, output: () => output, kill: (signal = 'SIGKILL') => { child.kill(signal); return ended; } };
  }

  const run = (...command) => start(...command).ended;

  /** Like `run`, but a failure is thrown. */
  async function ok(...command) {
    const result = await run(...command);
    if (result.code !== 0) {
      throw Object.assign(new Error(`convoy ${result.command.join(' ')} on ${name}: exit code ${result.code ?? result.signal}\n` +
        result.output + result.errors), result);
    }
    return result.output;
  }

  /** Runs with --json and returns what it printed. */
  async function json(...command) {
    const options = typeof command.at(-1) === 'object' ? [command.pop()] : [];
    return JSON.parse(await ok(...command, '--json', ...options));
  }

  return {
    name, home, start, run, ok, json,
    /** Configures the device for a server and signs in. */
    async join({ url, publishableKey }, { email, password }) {
      await ok('init', '--url', url, '--key', publishableKey);
      return json('login', '--email', email, '--password-stdin', { input: `${password}\n` });
    },
    remove: () => removeDirectory(home),
  };
}
