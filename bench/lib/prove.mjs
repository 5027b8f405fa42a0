/** Nothing is timed before its answer is the floor's. */
import { isDeepStrictEqual } from 'node:util';

const isDone = (reply) => !reply.missing && !reply.failure;

/** How many runs of an operation a whole run of the benchmark makes, the first of which may be the proof's own. */
export const runsOf = (operation, quick) => (quick ? operation.quick : operation.rounds) * operation.count;

function firstDifference(left, right) {
  const at = left.findIndex((value, index) => value !== right[index]);
  const place = at < 0 ? left.length : at;
  return `number ${place + 1} is ${right[place] ?? 'not there'}, the floor's is ${left[place] ?? 'not there'}`;
}

function compare(what, name, floor, other) {
  if (isDeepStrictEqual({ ...floor.answer, rows: floor.rows, bytes: floor.bytes }, { ...other.answer, rows: other.rows, bytes: other.bytes })) return;
  const problems = [];
  for (const list of ['notes', 'ids']) {
    if (!isDeepStrictEqual(floor.answer[list], other.answer[list])) problems.push(`${list}: ${firstDifference(floor.answer[list], other.answer[list])}`);
  }
  if (floor.rows !== other.rows) problems.push(`${other.rows} rows, the floor has ${floor.rows}`);
  throw new Error(`WRONG ANSWER to "${what}" from ${name}: ${problems.join('; ') || 'the content differs'}`);
}

/** Everybody fills a file. Layout and settings must be the floor's too, but for the peer's settings, which are as it comes. */
export async function proveStart(contenders) {
  const replies = [];
  for (const contender of contenders) replies.push(await contender.ask('prove fill 0 1'));
  contenders.forEach((contender, index) => {
    const seen = ({ answer, ...reply }) => {
      const notes = answer.notes.filter((note) => contender.name !== 'watermelon' || note.startsWith('layout'));
      return { ...reply, answer: { ...answer, notes } };
    };
    compare('fill', contender.name, seen(replies[0]), seen(replies[index]));
  });
  await proveState(contenders);
}

/** That everybody's rows are the floor's. */
export async function proveState(contenders) {
  const floor = await contenders[0].ask('prove state 0 1');
  for (const contender of contenders.slice(1)) compare('all rows', contender.name, floor, await contender.ask('prove state 0 1'));
}

/** Those who can do it; nobody, and why, if Convoy can't: it is asked first, so that the others write only what it could write as well. */
export async function prove(operation, contenders, quick) {
  if (operation.name === 'load') return { able: contenders }; // proveStart() did.
  // What was written is compared afterwards; here only whether it can be done.
  const runs = operation.writes ? 1 : runsOf(operation, quick);
  const isConvoy = ({ name }) => name === 'convoy';
  const replies = new Map();
  for (const contender of [...contenders.filter(isConvoy), ...contenders.filter((other) => !isConvoy(other))]) {
    const reply = await contender.ask(`prove ${operation.name} 0 ${runs}`);
    if (isDone(reply)) {
      replies.set(contender, reply);
      continue;
    }
    const failure = reply.failure ?? 'not there';
    console.log(`${operation.title}: ${contender.name}: ${failure}`);
    if (isConvoy(contender)) return { able: [], failure };
  }
  const [floor] = contenders;
  for (const [contender, reply] of replies) compare(operation.name, contender.name, replies.get(floor), reply);
  return { able: contenders.filter((contender) => replies.has(contender)) };
}

/** After all writing, which the peer did in part, everybody's rows are the same, and Convoy's outbox holds each transaction with its changes. */
export async function proveEnd(contenders, done, quick, divisor) {
  const writes = done.filter((operation) => operation.writes);
  if (writes.length === 0) return;
  console.log('Proving what was written');
  await proveState(contenders.filter(({ name }) => name !== 'watermelon'));
  const convoy = contenders.find(({ name }) => name === 'convoy');
  const { answer } = await convoy.ask('prove outbox 0 1');
  const expected = { mutations: 0, changes: 0 };
  for (const { writes: { mutations, changes }, ...operation } of writes) {
    const runs = 1 + runsOf(operation, quick);
    expected.mutations += runs * (mutations > 1 ? mutations / divisor : mutations);
    expected.changes += runs * (changes > 1 ? changes / divisor : changes);
  }
  const notes = Object.entries(expected).map(([name, count]) => `${name}: ${count}`);
  if (!isDeepStrictEqual(notes, answer.notes)) {
    throw new Error(`WRONG ANSWER: the outbox has ${answer.notes.join(', ')} instead of ${notes.join(', ')}`);
  }
}
