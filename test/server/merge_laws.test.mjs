// The laws of merging, on thousands of small random cases. docs/design/conflicts.md states them.
//
// CONVOY_SEED repeats a run.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createProject, stopPostgres } from './project.mjs';
import { random } from './random.mjs';

const seed = Number(process.env.CONVOY_SEED ?? Date.now() % 1e9);
const CASES = 1500;

let project, owner;
before(async () => {
  project = await createProject();
  ({ owner } = project);
});
after(async () => { await project.end(); await stopPostgres(); });

const times = (n, make) => Array.from({ length: n }, (_, i) => make(i));

/** `of(base, client, server)` in SQL for many cases [base, client, server] at once. */
async function merged(expression, cases) {
  const rows = await owner.unsafe(`select ${expression} as value from jsonb_array_elements($1::text::jsonb) with ordinality c (value, i)
    cross join lateral (select c.value -> 0 as base, c.value -> 1 as client, c.value -> 2 as server) q order by c.i`, [JSON.stringify(cases)]);
  return rows.map((row) => row.value);
}
const texts = (unit) => (cases) => merged(`convoy.merge_text(base #>> '{}', client #>> '{}', server #>> '{}', '${unit}')`, cases);

/** A few words from a small vocabulary: repeated words are what makes differences ambiguous. */
const words = (r, n) => times(n, () => r.pick(['a', 'b', 'c', 'ä', 'don\'t', '.', ',', ' ', ' ', '\n', '(', '日本']));
function edited(r, list) {
  const copy = [...list];
  for (let i = r.below(4); i > 0; --i) {
    const at = r.below(copy.length + 1);
    copy.splice(at, r.below(3), ...(r.chance(0.7) ? words(r, r.below(3)) : []));
  }
  return copy;
}
const textCases = (salt) => {
  const r = random(seed + salt);
  return times(CASES, () => {
    const base = words(r, r.below(14));
    return [base, edited(r, base), edited(r, base)].map((list) => list.join(''));
  });
};

for (const unit of ['word', 'line']) {
  describe(`text by ${unit} (seed ${seed})`, () => {
    test('the tokens of a text are the text', async () => {
      const cases = textCases(1).map((c) => c[1]);
      const rows = await owner`select convoy.tokens(t, ${unit}) as tokens from unnest(${cases}::text[]) with ordinality u (t, i) order by i`;
      rows.forEach((row, i) => {
        assert.equal(row.tokens.join(''), cases[i]);
        assert.ok(!row.tokens.includes(''));
      });
    });

    test('a difference leads from one list to the other, whatever it may cost', async () => {
      for (const cost of [400, 2, 0]) {
        const cases = textCases(2);
        const rows = await owner`select convoy.tokens(a, ${unit}) as a, convoy.tokens(b, ${unit}) as b,
            convoy.diff(convoy.tokens(a, ${unit}), convoy.tokens(b, ${unit}), ${cost}) as diff
          from unnest(${cases.map((c) => c[0])}::text[], ${cases.map((c) => c[1])}::text[]) u (a, b)`;
        for (const { a, b, diff } of rows) {
          const rebuilt = [];
          let at = 0;
          for (let i = 0; i < diff.length; i += 4) {
            const [from, to, otherFrom, otherTo] = diff.slice(i, i + 4);
            assert.ok(i === 0 || from > at, 'a common token lies between two differences');
            assert.ok(to > from || otherTo > otherFrom);
            rebuilt.push(...a.slice(at, from), ...b.slice(otherFrom, otherTo));
            at = to;
          }
          rebuilt.push(...a.slice(at));
          assert.deepEqual(rebuilt, b);
        }
      }
    });

    test('idempotent: who changed nothing, or the same, is no party', async () => {
      const cases = textCases(3);
      assert.deepEqual(await texts(unit)(cases.map(([b, x]) => [b, x, x])), cases.map(([, x]) => x));
      assert.deepEqual(await texts(unit)(cases.map(([b, x]) => [b, b, x])), cases.map(([, x]) => x));
      assert.deepEqual(await texts(unit)(cases.map(([b, x]) => [b, x, b])), cases.map(([, x]) => x));
    });

    test('commutative, in what it merges and in what it does not', async () => {
      const cases = textCases(4);
      const there = await texts(unit)(cases);
      assert.deepEqual(there, await texts(unit)(cases.map(([b, x, y]) => [b, y, x])));
      const real = cases.map(([b, x, y], i) => (b !== x && b !== y && x !== y ? there[i] : undefined)).filter((t) => t !== undefined);
      assert.ok(real.some((t) => t === null) && real.some((t) => t !== null), 'both happen');
    });

    test('edits with a token between them both survive, exactly', async () => {
      const r = random(seed + 5);
      const glue = unit === 'word' ? ' ' : '\n';
      const cases = [], expected = [];
      for (let i = 0; i < CASES; ++i) {
        const base = times(6 + r.below(20), (n) => `w${n}`);
        const cut = 2 + r.below(base.length - 4);      // This token is nobody's.
        const [left, right] = [base.slice(0, cut), base.slice(cut + 1)];
        const change = (side, mark) => {
          const copy = [...side];
          copy.splice(r.below(copy.length), r.below(3), ...times(1 + r.below(3), (n) => `${mark}${n}`));
          return copy;
        };
        const [mine, theirs] = [change(left, 'x'), change(right, 'y')];
        const text = (...parts) => parts.flat().join(glue);
        cases.push([text(base), text(mine, base[cut], right), text(left, base[cut], theirs)]);
        expected.push(text(mine, base[cut], theirs));
      }
      assert.deepEqual(await texts(unit)(cases), expected);
    });
  });
}

test('beyond the cost a difference is coarser, and merging still right', async () => {
  const long = (mark, from, to) => times(1200, (i) => (i >= from && i < to ? `${mark}${i}` : `w${i}`)).join(' ');
  const [apart, near] = await texts('word')([[long('', 0, 0), long('x', 0, 500), long('y', 600, 1200)], [long('', 0, 0), long('x', 0, 500), long('y', 499, 502)]]);
  assert.equal(apart, times(1200, (i) => `${i < 500 ? 'x' : i >= 600 ? 'y' : 'w'}${i}`).join(' '));
  assert.equal(near, null);
});

test('text too long to be merged is not, and no text is none', async () => {
  const long = 'word '.repeat(20001);
  const [tooLong, none] = await texts('word')([[long, `${long}x`, `y ${long}`], [null, 'a', 'b']]);
  assert.deepEqual([tooLong, none], [null, null]);
});

describe(`counters (seed ${seed})`, () => {
  test('every change counts, in any order and grouping', async () => {
    const r = random(seed + 6);
    const number = () => r.below(2000) / (r.chance(0.5) ? 1 : 100) - 10;
    const cases = times(300, () => ({ base: number(), deltas: times(3, number) }));
    const orders = [[0, 1, 2], [2, 1, 0], [1, 0, 2]];
    const fold = async (order) => {
      // Everybody changes the base; the server takes them one after the other.
      let server = cases.map((c) => c.base);
      for (const n of order) {
        server = await owner.unsafe(`select convoy.merge_counter(to_jsonb(b), to_jsonb(b + d), to_jsonb(s))::text as v
          from unnest($1::numeric[], $2::numeric[], $3::numeric[]) with ordinality u (b, d, s, i) order by i`,
        [cases.map((c) => c.base), cases.map((c) => c.deltas[n]), server]).then((rows) => rows.map((row) => row.v));
      }
      return server.map(Number);
    };
    const [first, ...others] = await Promise.all(orders.map(fold));
    for (const other of others) assert.deepEqual(other, first);
    cases.forEach((c, i) => assert.ok(Math.abs(first[i] - c.base - c.deltas.reduce((a, b) => a + b)) < 1e-6));
  });

  test('no change changes nothing; what is no number is none', async () => {
    const rows = await merged('convoy.merge_counter(base, client, server)', [[5, 5, 9], [5, 9, 5], [5, 9, 9], ['NaN', 1, 2], [null, 1, 2], [1, 'Infinity', 2]]);
    assert.deepEqual(rows, [9, 9, 13, null, null, null]);
  });
});

describe(`sets (seed ${seed})`, () => {
  const sets = (cases) => merged('convoy.merge_set(base, client, server)', cases);
  const key = (set) => (set === null ? null : set.map((e) => JSON.stringify(e)).sort());
  const r = random(seed + 7);
  const subset = () => ['a', 'b', 'c', 1, null, { x: 1 }, true].filter(() => r.chance(0.5));
  const cases = times(CASES, () => [subset(), subset(), subset()]);

  test('idempotent', async () => {
    assert.deepEqual(await sets(cases.map(([b, x]) => [b, x, x])), cases.map(([, x]) => x));
    assert.deepEqual(await sets(cases.map(([b, x]) => [b, b, x])), cases.map(([, x]) => x));
    assert.deepEqual(await sets(cases.map(([b, x]) => [b, x, b])), cases.map(([, x]) => x));
  });

  test('commutative as sets, and what set theory says', async () => {
    const there = await sets(cases);
    assert.deepEqual(there.map(key), (await sets(cases.map(([b, x, y]) => [b, y, x]))).map(key));
    cases.forEach(([b, x, y], i) => {
      const [inB, inX, inY] = [b, x, y].map((set) => new Set(set.map((e) => JSON.stringify(e))));
      const all = new Set([...inB, ...inX, ...inY]);
      const expected = [...all].filter((e) => (inB.has(e) ? inX.has(e) && inY.has(e) : inX.has(e) || inY.has(e))).sort();
      assert.deepEqual(key(there[i]), expected);
    });
  });

  test('associative as sets: any number of writers from one base, in any order', async () => {
    const writers = times(300, () => times(4, subset));
    const fold = async (order) => {
      let server = writers.map(([base]) => base);
      for (const n of order) server = await sets(writers.map((w, i) => [w[0], w[n], server[i]]));
      return server.map(key);
    };
    assert.deepEqual(await fold([1, 2, 3]), await fold([3, 1, 2]));
  });

  test('the server\'s order first, then the client\'s; nothing twice; no array is empty; anything else is no set', async () => {
    assert.deepEqual(await sets([
      [['a'], ['z', 'a', 'y', 'z'], ['c', 'a', 'b']], [null, ['a'], ['b']], [['a'], null, ['a', 'b']], [['a'], ['a', 'b'], null],
      [['a'], { a: 1 }, ['b']], [['a'], [['x']], ['b']],
    ]), [['c', 'a', 'b', 'z', 'y'], ['b', 'a'], ['b'], ['b'], null, null]);
  });
});
