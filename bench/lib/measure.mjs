/** Rounds in which the contenders take turns, so that a machine that slows down slows them all. */
import { runsOf } from './prove.mjs';
import { summary } from './statistics.mjs';

const isMet = (target, { ratio, beyond }) => (target.ratio ? ratio.median <= target.ratio : beyond.median <= target.beyond);

function conclude(operation, samples) {
  const { name, title, what, target } = operation;
  const result = { name, title, what, target, contenders: {} };
  for (const [contender, values] of Object.entries(samples)) {
    // Against the floor of the same round.
    const ratio = summary(values.map((value, round) => value / samples.floor[round]));
    const beyond = summary(values.map((value, round) => value - samples.floor[round]));
    result.contenders[contender] = { ...summary(values), ratio, beyond, samples: values };
  }
  result.met = isMet(target, result.contenders.convoy);
  return result;
}

export async function measure(operation, contenders, quick) {
  const rounds = runsOf(operation, quick) / operation.count;
  const samples = Object.fromEntries(contenders.map(({ name }) => [name, []]));
  const cpu = Object.fromEntries(contenders.map(({ name }) => [name, []]));
  // The proof made run 0 of the writes.
  const first = operation.writes ? 1 : 0;
  for (let round = 0; round < rounds; ++round) {
    const turn = contenders.filter(({ name }) => name !== 'watermelon' || round < operation.peer);
    if (round % 2 === 1) turn.reverse();
    const seen = new Set();
    for (const contender of turn) {
      const reply = await contender.ask(`time ${operation.name} ${first + round * operation.count} ${operation.count}`);
      // The peer writes in fewer rounds, and then sees other titles.
      if (contender.name !== 'watermelon' || !operation.writes) seen.add(`${reply.rows} rows, ${reply.bytes} bytes`);
      samples[contender.name].push(reply.seconds / operation.count);
      cpu[contender.name].push(reply.cpu / operation.count);
    }
    if (seen.size > 1) throw new Error(`WRONG ANSWER to "${operation.name}" while it was timed: ${[...seen].join('; ')}`);
  }
  const result = conclude(operation, samples);
  for (const [name, values] of Object.entries(cpu)) result.contenders[name].cpu = summary(values);
  return result;
}

export async function measureMemory(memory, names, start) {
  const samples = {};
  for (const name of names) {
    const contender = start(name);
    for (const request of memory.requests) await contender.ask(request);
    const { peakKib } = await contender.ask('memory');
    await contender.close();
    samples[name] = [peakKib];
  }
  return conclude(memory, samples);
}
