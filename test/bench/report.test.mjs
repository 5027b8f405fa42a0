/** What the benchmark makes of replies: proofs, ratios, the page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chart } from '../../bench/lib/chart.mjs';
import { measure } from '../../bench/lib/measure.mjs';
import { renew } from '../../bench/lib/page.mjs';
import { prove, proveState } from '../../bench/lib/prove.mjs';
import { quantile, summary } from '../../bench/lib/statistics.mjs';
import { table } from '../../bench/lib/table.mjs';

const answer = (changes = {}) => ({ rows: 2, bytes: 9, answer: { rows: 2, hash: 'aa', ids: ['x', 'y'], notes: [], ...changes } });
const contender = (name, reply) => ({
  name,
  asked: [],
  async ask(request) {
    this.asked.push(request);
    return typeof reply === 'function' ? reply(request) : reply;
  },
});
const operation = { name: 'find', title: 'Find', target: { ratio: 1.5 }, rounds: 3, quick: 1, peer: 1, count: 2 };

test('an answer that is not the floor\'s fails the run and says where it differs', async () => {
  const floor = contender('floor', answer());
  await assert.rejects(prove(operation, [floor, contender('convoy', answer({ ids: ['x', 'z'] }))], false), /WRONG ANSWER to "find" from convoy: ids: number 2 is z/);
  await assert.rejects(prove(operation, [floor, contender('convoy', answer({ hash: 'ab' }))], false), /the content differs/);
  await assert.rejects(proveState([floor, contender('convoy', { ...answer(), rows: 3 })]), /3 rows, the floor has 2/);
});

test('what Convoy can\'t do, nobody does', async () => {
  const floor = contender('floor', answer());
  const peer = contender('watermelon', answer());
  assert.deepEqual(await prove(operation, [floor, contender('convoy', { failure: 'too large' }), peer], false), { able: [], failure: 'too large' });
  assert.deepEqual([...floor.asked, ...peer.asked], []);
  const convoy = contender('convoy', answer());
  assert.deepEqual(await prove(operation, [floor, convoy, contender('watermelon', { missing: true })], false), { able: [floor, convoy] });
});

test('each round is compared with the floor\'s of the same round, and the turns change', async () => {
  const order = [];
  const slow = (name, factor) => contender(name, (request) => {
    order.push(name);
    return { seconds: factor * (1 + Number(request.split(' ')[2])), cpu: 0 };
  });
  const result = await measure(operation, [slow('floor', 2), slow('convoy', 4), slow('watermelon', 8)], false);
  assert.deepEqual(order, ['floor', 'convoy', 'watermelon', 'convoy', 'floor', 'floor', 'convoy']);
  assert.deepEqual(result.contenders.convoy.ratio, { median: 2, low: 2, high: 2 });
  assert.deepEqual(result.contenders.floor.samples, [1, 3, 5]);
  assert.equal(result.met, false);
});

test('quantiles lie between the values', () => {
  assert.equal(quantile([4, 1, 2, 3], 0.5), 2.5);
  assert.deepEqual(summary([5]), { median: 5, low: 5, high: 5 });
});

test('a page, a chart and a table show each result, and what failed', () => {
  const value = (median, ratio) => ({ median, low: median, high: median, ratio: { median: ratio, low: ratio, high: ratio }, beyond: { median: 0.002 } });
  const report = {
    machine: { processor: 'P', cores: 2 },
    results: [
      { name: 'find', title: 'Find <1>', target: { ratio: 1.5 }, met: true, contenders: { floor: value(0.001, 1), convoy: value(0.0012, 1.2), watermelon: value(0.02, 20) } },
      { name: 'open', title: 'Open', target: { beyond: 0.003 }, met: true, contenders: { floor: value(0.001, 1), convoy: value(0.003, 3) } },
      { name: 'live', title: 'Live', target: { ratio: 0.2 }, met: false, failure: 'not there' },
    ],
  };
  const page = renew('before\n<!-- Results: made by scripts/bench -->\nold\n<!-- End of the results -->\nafter', report);
  assert.match(page, /^before\n[^]*\| Find <1> \| 1\.00 ms \| 1\.20 ms \| 1\.20× \(1\.20–1\.20\) \| ≤ 1\.5× \| yes \| 20\.00 ms \| 20\.00× \|\n[^]*after$/);
  assert.match(page, /\| Open \| 1\.00 ms \| 3\.00 ms \| \+2\.00 ms \| ≤ \+3\.00 ms \| yes \| \| \|/);
  assert.match(page, /\| Live \| {2}\| {2}\| not there|\| Live \| \| \| not there \|/);
  assert.doesNotMatch(page, /old/);
  assert.throws(() => renew('no place', report), /no place for results/);
  assert.match(chart(report), /Find &#60;1&#62;/);
  assert.match(table(report), /Find <1> .*1\.20×.*met.*20\.00×/);
});
