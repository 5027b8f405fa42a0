/** The convoy program at a terminal: a pseudo-terminal made by script(1), which every Debian has. */
import { spawn } from 'node:child_process';
import { program } from '../support/convoy.mjs';
import { until } from '../support/wait.mjs';

const quoted = (word) => `'${String(word).replaceAll("'", `'\\''`)}'`;

/**
 * Runs a command of `device` at a terminal. `answers` are pairs: what the program asks, and what is typed then.
 * @returns {Promise<{code: number, screen: string}>} Everything the terminal got, escape sequences included.
 */
export async function atTerminal(device, command, answers = [], { columns = 80, env = {} } = {}) {
  const line = `stty cols ${columns}; exec ${[program, ...command].map(quoted).join(' ')}`;
  const { NO_COLOR, ...clean } = process.env;
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    env: { ...clean, TERM: 'xterm-256color', ...env, CONVOY_HOME: device.home },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { screen += text; });
  child.stdin.on('error', () => {});
  const ended = new Promise((resolve, reject) => { child.on('error', reject); child.on('close', resolve); });
  let seen = 0;
  for (const [question, answer] of answers) {
    await until(() => screen.indexOf(question, seen) >= 0, { what: `the program asks "${question}"` });
    seen = screen.indexOf(question, seen) + question.length;
    child.stdin.write(answer);
  }
  const code = await ended;
  return { code, screen: screen.replaceAll('\r\n', '\n') };
}

/** Text without colours and other escape sequences. */
export const plain = (screen) => screen.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '');
