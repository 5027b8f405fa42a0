/** A contender's process: requests of one line, answers of one line of JSON (harness/contender.h). */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class Contender {
  #process;
  #answers;

  /** `command` is the program and its arguments. */
  constructor(name, command) {
    this.name = name;
    this.#process = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.stdin.on('error', () => {}); // Said by the answer that does not come.
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async ask(request) {
    this.#process.stdin.write(`${request}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`${this.name} ended at "${request}"`);
    return JSON.parse(value);
  }

  async close() {
    const ended = new Promise((resolve) => { this.#process.once('exit', resolve); });
    this.#process.stdin.end();
    if (this.#process.exitCode === null) await ended;
  }
}
