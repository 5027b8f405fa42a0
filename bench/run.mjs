#!/usr/bin/env node
/**
 * Runs the benchmark: proves that all contenders give the floor's answers, then lets them take turns.
 *
 *   node bench/run.mjs [--quick] [--programs FOLDER] [--output FILE] [--divisor N] [--only NAME,...] [--without-peer]
 *
 * The exit status is 0 unless an answer is wrong or a contender fails; a missed target is only said.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Contender } from './lib/contender.mjs';
import { describeMachine } from './lib/machine.mjs';
import { measure, measureMemory } from './lib/measure.mjs';
import { memories, operations } from './lib/operations.mjs';
import { peer } from './lib/peer.mjs';
import { prove, proveEnd, proveStart, proveState } from './lib/prove.mjs';
import { table } from './lib/table.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    programs: { type: 'string', default: join(root, 'build/bench/bench') },
    output: { type: 'string', default: join(root, 'build/bench/bench.json') },
    divisor: { type: 'string', default: '1' },
    only: { type: 'string' },
    'without-peer': { type: 'boolean', default: false },
  },
});

const folder = join(dirname(options.output), 'data');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const own = [folder, options.divisor];
const commands = {
  floor: [join(options.programs, 'bench_floor'), ...own],
  convoy: [join(options.programs, 'bench_convoy'), ...own],
};
if (!options['without-peer']) {
  if (peer.unavailable) console.log(`Without WatermelonDB: ${peer.unavailable}`);
  else commands.watermelon = [...peer.command, ...own];
}
const start = (name) => new Contender(name, commands[name]);

const wanted = options.only?.split(',');
const chosen = (list) => list.filter(({ name }) => !wanted || wanted.includes(name));

async function main() {
  const contenders = Object.keys(commands).map(start);
  const results = [];
  try {
    console.log('Proving the answers');
    await proveStart(contenders);
    const possible = [];
    for (const operation of chosen(operations)) {
      const { able, failure } = await prove(operation, contenders, options.quick);
      if (failure) results.push({ ...operation, failure, met: false });
      else possible.push({ operation, able });
    }
    if (possible.some(({ operation }) => operation.writes)) await proveState(contenders);
    for (const contender of contenders) await contender.ask('keep');
    for (const { operation, able } of possible) {
      console.log(`Timing: ${operation.title}`);
      results.push(await measure(operation, able, options.quick));
    }
    await proveEnd(contenders, possible.map(({ operation }) => operation), options.quick, Number(options.divisor));
  } finally {
    for (const contender of contenders) await contender.close();
  }
  for (const memory of chosen(memories)) {
    console.log(`Measuring: ${memory.title}`);
    results.push(await measureMemory(memory, Object.keys(commands), start));
  }
  const order = [...operations, ...memories].map(({ name }) => name);
  return results.sort((left, right) => order.indexOf(left.name) - order.indexOf(right.name));
}

const began = performance.now();
const results = await main();
const report = {
  machine: describeMachine(root, folder), quick: options.quick, divisor: Number(options.divisor),
  seconds: Math.round((performance.now() - began) / 1000), results,
};
writeFileSync(options.output, `${JSON.stringify(report, null, 1)}\n`);
rmSync(folder, { recursive: true, force: true });
console.log(`\n${table(report)}\n`);
const missed = results.filter(({ met }) => met === false);
console.log(missed.length === 0 ? 'Every target is met.' : `MISSED: ${missed.map(({ title }) => title).join(', ')}.`);
