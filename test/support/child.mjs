/**
 * Child processes that never outlive this one, however it ends.
 *
 * The child runs under a small shell that holds the reading end of a pipe from us. What is written there is the name of a
 * signal for the child; when the pipe closes, because we ended or were killed, the shell ends the child.
 */
import { spawn } from 'node:child_process';
import { openSync, closeSync, readFileSync } from 'node:fs';

const KEEPER = `
  last=$1; shift
  "$@" </dev/null 3<&- &
  child=$!
  (
    while read -r signal; do kill -s "$signal" "$child"; done
    kill -s "$last" "$child"
  ) <&3 >/dev/null 2>&1 &
  keeper=$!
  wait "$child"; code=$?
  kill "$keeper" 2>/dev/null
  exit "$code"`;

/**
 * Starts `command`, its output going to the file `log`.
 * @param {string[]} command
 * @param {{log: string, cwd?: string, env?: object, uid?: number, gid?: number, last?: string}} options
 *   `last`: the signal the child gets when this process is gone.
 * @returns {{exited: Promise<number>, running: () => boolean, signal: (name: string) => Promise<number>, log: () => string}}
 *   `signal` resolves with the exit code once the child has ended.
 */
export function startChild(command, { log, cwd, env = process.env, uid, gid, last = 'KILL' }) {
  const output = openSync(log, 'a');
  const child = spawn('/bin/sh', ['-c', KEEPER, 'keeper', last, ...command], {
    cwd, env, uid, gid, stdio: ['ignore', output, output, 'pipe'],
  });
  closeSync(output);
  const pipe = child.stdio[3];
  pipe.on('error', () => {}); // The child ended first.
  let running = true;
  const exited = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => { running = false; pipe.destroy(); resolve(code); });
  });
  return {
    exited,
    running: () => running,
    signal: (name) => { if (running) pipe.write(`${name}\n`); return exited; },
    log: () => readFileSync(log, 'utf8'),
  };
}
