// WatermelonDB as a contender. Requests are those of harness/contender.h.
//
//   node bench/peer/main.mjs FOLDER DIVISOR
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Answer } from './answer.mjs';
import { Run } from './run.mjs';
import { Watermelon } from './watermelon.mjs';

const contender = new Watermelon(process.argv[2], Number(process.argv[3]));

async function perform(operation, first, count, answer) {
  if (!(operation in contender)) return { missing: true };
  const run = new Run(first, answer);
  for (let i = 0; i < count; ++i, ++run.number) await contender[operation](run);
  return run.result();
}

async function reply(line) {
  const [verb, operation, first, count] = line.split(' ');
  switch (verb) {
    case 'prove': return perform(operation, Number(first), Number(count), new Answer());
    case 'time': return perform(operation, Number(first), Number(count));
    case 'keep':
      contender.keep();
      return {};
    case 'memory': return { peakKib: Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) };
    default: throw new Error(`unknown request: ${verb}`);
  }
}

for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${JSON.stringify(await reply(line))}\n`);
contender.close();
