// What happens to two edits of one thing, rule by rule. docs/design/conflicts.md is the contract.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createProject, insert, mutation, pusher, remove, stopPostgres, update, uuid } from './project.mjs';
import { random } from './random.mjs';

const seed = Number(process.env.CONVOY_SEED ?? Date.now() % 1e9);

let project, owner, ada, epoch;
before(async () => {
  project = await createProject();
  ({ owner } = project);
  ada = await project.newPerson();
  ({ epoch } = await ada.pull({ client: uuid() }));
  await owner.unsafe(`
    create function public.longest(base jsonb, client jsonb, server jsonb) returns jsonb language sql as $$
      select case when client #>> '{}' = 'fail' then (1 / 0)::text::jsonb when client #>> '{}' = 'none' then null
                  when length(client #>> '{}') > length(server #>> '{}') then client else server end $$;
    create table sheets (id uuid primary key, plain text, mine text, said text, body text, page text, hits int check (hits < 1000), total numeric,
      tags jsonb, labels text[], best text, a text, b text);
    grant all on sheets to authenticated;
    select convoy.enable('sheets', conflict => 'merge', columns => '{"mine": "client_wins", "said": "manual", "body": "text", "page": {"rule": "text", "unit": "line"},
      "hits": "counter", "total": "counter", "tags": "set", "labels": "set", "best": {"rule": "custom", "function": "public.longest"}}');
    create table clocked (id uuid primary key, a text, b text, kept text);
    grant all on clocked to authenticated;
    select convoy.enable('clocked', conflict => 'last_write_wins', columns => '{"kept": "server_wins"}', on_delete => 'resurrect');
    create table stopped (id uuid primary key, a text, b text); grant all on stopped to authenticated;
    select convoy.enable('stopped', conflict => 'manual');`);
});
after(async () => { await project.end(); await stopPostgres(); });

const device = () => pusher(ada, { epoch });
const row = async (table, id) => (await owner`select to_jsonb(x) as j from ${owner(table)} x where id = ${id}`)[0]?.j;
const fresh = async (table, values) => {
  const id = uuid();
  assert.deepEqual((await device().push([insert(table, id, values)])).map((o) => o.status), ['applied']);
  return id;
};

/** Somebody else made `theirs` of `base`, then a device pushes `client`: the outcome's one conflict and the column's value afterwards. */
async function both(column, base, theirs, client, table = 'sheets') {
  const id = await fresh(table, { [column]: base });
  await device().push([update(table, id, { [column]: theirs }, { [column]: base })]);
  const [outcome] = await device().push([update(table, id, { [column]: client }, { [column]: base })]);
  return { id, outcome, conflict: outcome.conflicts?.[0], value: (await row(table, id))?.[column] };
}

describe('manual', () => {
  test('the server\'s value stays, the conflict is reported, and the rest of the mutation is applied', async () => {
    const other = uuid();
    const id = await fresh('stopped', { a: 'base', b: 'base' });
    await owner`update stopped set a = 'theirs' where id = ${id}`;
    const [outcome] = await device().push([update('stopped', id, { a: 'mine', b: 'mine' }, { a: 'base', b: 'base' }), insert('stopped', other, { a: 'x' })]);
    assert.deepEqual(outcome, { mid: 1, status: 'merged', conflicts: [
      { table: 'stopped', id, column: 'a', base: 'base', client: 'mine', server: 'theirs', kept: 'server', rule: 'manual' }] });
    assert.deepEqual(await row('stopped', id), { id, a: 'theirs', b: 'mine' });
    assert.ok(await row('stopped', other));
  });

  test('nobody else wrote: no conflict', async () => {
    const id = await fresh('stopped', { a: 'base' });
    assert.deepEqual(await device().push([update('stopped', id, { a: 'mine' }, { a: 'base' })]), [{ mid: 1, status: 'applied' }]);
  });

  test('for one column', async () => {
    const { conflict, value } = await both('said', 'base', 'theirs', 'mine');
    assert.deepEqual([conflict.kept, conflict.rule, value], ['server', 'manual', 'theirs']);
  });
});

describe('text', () => {
  test('edits of different places both survive, and the merged text is told', async () => {
    const { id, outcome, value } = await both('body', 'The quick fox jumps over the dog', 'The quick fox leaps over the dog', 'A quick fox jumps over the dog');
    const merged = 'A quick fox leaps over the dog';
    assert.equal(value, merged);
    assert.deepEqual(outcome, { mid: 1, status: 'merged', conflicts: [{ table: 'sheets', id, column: 'body', base: 'The quick fox jumps over the dog',
      client: 'A quick fox jumps over the dog', server: 'The quick fox leaps over the dog', kept: 'merged', rule: 'text', value: merged }] });
  });

  test('the same place: the whole column stays the server\'s', async () => {
    const { conflict, value } = await both('body', 'one two three', 'one 2 three four', 'eins deux three');
    assert.deepEqual([conflict.kept, conflict.rule, value, 'value' in conflict], ['server', 'text', 'one 2 three four', false]);
  });

  test('by line: two words of one line are one place', async () => {
    const [base, theirs, mine] = ['one two\nthree four\n', 'one 2\nthree four\n', '1 two\nthree four\n'];
    assert.equal((await both('page', base, theirs, mine)).conflict.kept, 'server');
    assert.equal((await both('body', base, theirs, mine)).value, '1 2\nthree four\n');
    assert.equal((await both('page', 'a\nb\nc\n', 'a\nb\nC\n', 'A\nb\nc\n')).value, 'A\nb\nC\n');
  });

  test('null is no text', async () => {
    assert.deepEqual([(await both('body', null, 'a', 'b')).value, (await both('body', 'x y', null, 'x z')).value], ['a', null]);
  });

  test('the same edit twice is no conflict', async () => {
    assert.equal((await both('body', 'a b', 'a c', 'a c')).outcome.status, 'applied');
  });

  test('long texts of the memory bank', async () => {
    const w = await project.newWorkspace(ada, 1);
    const base = 'First paragraph.\n\nSecond paragraph.';
    for (const [table, id, column] of [['tasks', w.tasks[0], 'description'], ['milestones', w.milestone, 'requirements'], ['projects', w.project, 'overview']]) {
      await device().push([update(table, id, { [column]: base }, { [column]: null })]);
      await device().push([update(table, id, { [column]: base.replace('First', 'Opening') }, { [column]: base })]);
      await device().push([update(table, id, { [column]: `${base}\nMore.` }, { [column]: base })]);
      assert.equal((await row(table, id))[column], 'Opening paragraph.\n\nSecond paragraph.\nMore.', table);
    }
  });
});

describe('counter', () => {
  test('both changes count, also two that are equal', async () => {
    const { id, outcome, value } = await both('hits', 10, 15, 13);
    assert.equal(value, 18);
    assert.deepEqual(outcome.conflicts, [{ table: 'sheets', id, column: 'hits', base: 10, client: 13, server: 15, kept: 'merged', rule: 'counter', value: 18 }]);
    assert.equal((await both('hits', 10, 11, 11)).value, 12);
    assert.equal((await both('hits', 10, 11, 9)).value, 10);
  });

  test('several steps of one device, each made on the one before', async () => {
    const id = await fresh('sheets', { hits: 0, body: 'a b c' });
    await owner`update sheets set hits = 5, body = 'a b C' where id = ${id}`;
    await device().push([update('sheets', id, { hits: 1, body: 'A b c' }, { hits: 0, body: 'a b c' })],
      [update('sheets', id, { hits: 3, body: 'AA b c' }, { hits: 1, body: 'A b c' })]);
    const { hits, body } = await row('sheets', id);
    assert.deepEqual([hits, body], [8, 'AA b C']);
  });

  test('every digit of a numeric', async () => {
    const { conflict } = await both('total', '12345678901234567890.10', '12345678901234567890.25', '12345678901234567890.20');
    assert.equal((await owner`select total::text as t from sheets where id = ${conflict.id}`)[0].t, '12345678901234567890.35');
  });

  test('nobody else counted: the client\'s value, and nothing to report', async () => {
    const id = await fresh('sheets', { hits: 1 });
    assert.deepEqual(await device().push([update('sheets', id, { hits: 4 }, { hits: 1 })]), [{ mid: 1, status: 'applied' }]);
    assert.equal((await row('sheets', id)).hits, 4);
  });

  test('no number: the server\'s stays', async () => {
    const { conflict, value } = await both('hits', null, 3, 4);
    assert.deepEqual([conflict.kept, conflict.rule, value], ['server', 'counter', 3]);
  });

  test('a sum that the column does not take rejects the mutation', async () => {
    const { outcome, value } = await both('hits', 0, 600, 600);
    assert.deepEqual([outcome.code, value], ['23514', 600]);
  });

  test('many devices at once lose no count', async () => {
    const id = await fresh('sheets', { hits: 0 });
    const sessions = await Promise.all(Array.from({ length: 6 }, () => project.session()));
    await Promise.all(sessions.map(async (sql) => {
      const mine = pusher(ada, { epoch, sql });
      for (let i = 0; i < 5; ++i) await mine.push([update('sheets', id, { hits: 1 }, { hits: 0 })]);
    }));
    assert.equal((await row('sheets', id)).hits, 30);
  });
});

describe('set', () => {
  test('a jsonb and an array', async () => {
    const { conflict, value } = await both('tags', ['a', 'b', 1], ['b', 1, 'server'], ['a', 1, 'client', 'b2']);
    assert.deepEqual(value, [1, 'server', 'client', 'b2']);
    assert.deepEqual([conflict.kept, conflict.rule, conflict.value], ['merged', 'set', value]);
    assert.deepEqual((await both('labels', ['a', 'b'], ['b', 'c'], '{a,b,"d e"}')).value, ['b', 'c', 'd e']);
  });

  test('nothing yet is the empty set; an object is no set', async () => {
    assert.deepEqual((await both('tags', null, ['a'], ['b'])).value, ['a', 'b']);
    const { conflict, value } = await both('tags', ['x'], { no: 'set' }, ['b']);
    assert.deepEqual([conflict.kept, value], ['server', { no: 'set' }]);
  });
});

describe('custom', () => {
  test('the function decides, as the caller', async () => {
    const { conflict, value } = await both('best', 'a', 'abc', 'ab');
    assert.deepEqual([conflict.kept, conflict.rule, conflict.value, value], ['merged', 'custom', 'abc', 'abc']);
    assert.equal((await both('best', 'a', 'abc', 'abcd')).value, 'abcd');
    await owner.unsafe(`create table watched (who text); grant insert on watched to authenticated;
      create or replace function public.longest(base jsonb, client jsonb, server jsonb) returns jsonb language plpgsql as $$
        begin
          if client #>> '{}' = 'fail' then perform 1 / 0; elsif client #>> '{}' = 'none' then return null; end if;
          insert into watched values (current_user);
          return case when length(client #>> '{}') > length(server #>> '{}') then client else server end;
        end $$`);
    await both('best', 'a', 'b', 'cc');
    assert.deepEqual((await owner`select * from watched`).map((r) => r.who), ['authenticated']);
  });

  test('no answer keeps the server\'s; an error rejects the mutation', async () => {
    const { conflict, value } = await both('best', 'a', 'b', 'none');
    assert.deepEqual([conflict.kept, conflict.rule, value], ['server', 'custom', 'b']);
    assert.equal((await both('best', 'a', 'b', 'fail')).outcome.code, '22012');
  });

  test('it is asked only where both changed something', async () => {
    await owner`delete from watched`;
    const id = await fresh('sheets', { best: 'a' });
    await device().push([update('sheets', id, { best: 'b' }, { best: 'a' })], [update('sheets', id, { best: 'b' }, { best: 'x' })]);
    assert.equal((await owner`select count(*)::int as n from watched`)[0].n, 0);
  });
});

test('a column that the client sends unchanged stays as it is, whatever the rule', async () => {
  for (const column of ['plain', 'mine', 'said', 'body', 'best']) {
    const { outcome, value } = await both(column, 'base', 'theirs', 'base');
    assert.deepEqual([outcome, value], [{ mid: 1, status: 'applied' }, 'theirs'], column);
  }
});

test('an id may be spelled in any way its type reads; the answer has the one spelling', async () => {
  const id = await fresh('clocked', { a: 'a' });
  await owner`update clocked set kept = 'theirs' where id = ${id}`;
  const [outcome, gone] = await device().push([update('clocked', `{${id.toUpperCase()}}`, { a: 'b', kept: 'mine' }, { a: 'a', kept: null })], [remove('clocked', id.toUpperCase())]);
  assert.deepEqual([outcome.conflicts.map((c) => [c.column, c.id]), gone.status], [[['kept', id]], 'applied']);
  assert.equal(await row('clocked', id), undefined);
});

describe('last_write_wins', () => {
  const HOUR = 3_600_000n;
  /** A stamp some milliseconds from now. */
  const at = (ms, n = 0) => String(((BigInt(Date.now()) + BigInt(ms)) << 16n) + BigInt(n));
  const write = (d, hlc, id, values, base) => d.pushAt(hlc, [update('clocked', id, values, base)]);
  const made = async () => {
    const id = uuid();
    await device().pushAt(at(-Number(HOUR)), [insert('clocked', id, { a: 'base', b: 'base', kept: 'base' })]);
    return id;
  };

  test('the later write, in whichever order they come', async () => {
    const [early, late] = [at(-2000), at(-1000)];
    for (const order of [[early, late], [late, early]]) {
      const id = await made();
      const outcomes = [];
      for (const hlc of order) outcomes.push((await write(device(), hlc, id, { a: hlc }, { a: 'base' }))[0]);
      assert.equal((await row('clocked', id)).a, late);
      assert.equal(outcomes[0].status, 'applied');
      const [conflict] = outcomes[1].conflicts;
      assert.deepEqual([conflict.rule, conflict.kept], ['last_write_wins', order[1] === late ? 'client' : 'server']);
    }
  });

  test('the counter breaks ties within a millisecond, and the greater device those within a counter', async () => {
    const now = Date.now() - 1000;
    const stamp = (n) => String((BigInt(now) << 16n) + BigInt(n));
    let id = await made();
    await write(device(), stamp(2), id, { a: 'two' }, { a: 'base' });
    await write(device(), stamp(1), id, { a: 'one' }, { a: 'base' });
    assert.equal((await row('clocked', id)).a, 'two');
    const [low, high] = [uuid(), uuid()].sort();
    for (const order of [[low, high], [high, low]]) {
      id = await made();
      for (const client of order) await write(pusher(ada, { epoch, client: `${client.slice(0, -4)}${id.slice(-4)}` }), stamp(3), id, { a: client }, { a: 'base' });
      assert.equal((await row('clocked', id)).a, high);
    }
  });

  test('each column has its own time', async () => {
    const id = await made();
    await write(device(), at(-1000), id, { a: 'late' }, { a: 'base' });
    await write(device(), at(-2000), id, { a: 'early', b: 'early' }, { a: 'base', b: 'base' });
    const { a, b } = await row('clocked', id);
    assert.deepEqual([a, b], ['late', 'early']);
  });

  test('a write by anybody else counts as now, and only for the columns it changes', async () => {
    const id = await made();
    await owner`update clocked set a = 'sql', b = b where id = ${id}`;
    await write(device(), at(-1000), id, { a: 'before', b: 'before' }, { a: 'base', b: 'base' });
    assert.deepEqual(await row('clocked', id), { id, a: 'sql', b: 'before', kept: 'base' });
    await write(device(), at(30_000), id, { a: 'after' }, { a: 'base' });
    assert.equal((await row('clocked', id)).a, 'after');
    const inserted = uuid();
    await owner`insert into clocked (id, a) values (${inserted}, 'sql')`;
    await write(device(), at(-1000), inserted, { a: 'before' }, { a: 'never' });
    assert.equal((await row('clocked', inserted)).a, 'sql');
  });

  test('a clock that runs ahead gets a minute; without a time it is now', async () => {
    const id = await made();
    await write(device(), at(365 * 24 * Number(HOUR)), id, { a: 'next year' }, { a: 'base' });
    const [{ ahead }] = await owner`select (((columns -> 'a' ->> 0)::bigint >> 16) - extract(epoch from clock_timestamp()) * 1000)::int as ahead
      from convoy.stamp where pk = ${id}`;
    assert.ok(ahead > 50_000 && ahead <= 60_000, `${ahead} ms`);
    const other = await made();
    await write(device(), undefined, other, { a: 'now' }, { a: 'base' });
    await write(device(), at(-1000), other, { a: 'before' }, { a: 'base' });
    assert.equal((await row('clocked', other)).a, 'now');
  });

  test('who saw the value replaces it, whatever the clocks say, and is later than it from then on', async () => {
    const id = await made();
    const fast = at(50_000);
    await write(device(), fast, id, { a: 'fast clock' }, { a: 'base' });
    assert.equal((await write(device(), at(-50_000), id, { a: 'seen' }, { a: 'fast clock' }))[0].status, 'applied');
    await write(device(), fast, id, { a: 'concurrent' }, { a: 'base' });
    assert.equal((await row('clocked', id)).a, 'seen');
    await owner`update clocked set a = 'sql' where id = ${id}`;
    await write(device(), fast, id, { a: 'concurrent' }, { a: 'base' });
    assert.equal((await row('clocked', id)).a, 'sql');
  });

  test('a later write of the same value makes the value later', async () => {
    const id = await made();
    await write(device(), at(-5000), id, { a: 'x' }, { a: 'base' });
    assert.deepEqual(await write(device(), at(-1000), id, { a: 'x' }, { a: 'base' }), [{ mid: 1, status: 'applied' }]);
    await write(device(), at(-3000), id, { a: 'y' }, { a: 'base' });
    assert.equal((await row('clocked', id)).a, 'x');
  });

  test('a column with another rule keeps it', async () => {
    const id = await made();
    await owner`update clocked set kept = 'theirs' where id = ${id}`;
    const [outcome] = await write(device(), at(30_000), id, { kept: 'mine' }, { kept: 'base' });
    assert.deepEqual([outcome.conflicts[0].rule, (await row('clocked', id)).kept], ['server_wins', 'theirs']);
  });

  test('an insert of a row that is there changes what it is later than', async () => {
    const id = await made();
    await write(device(), at(-1000), id, { a: 'late' }, { a: 'base' });
    const [outcome] = await device().pushAt(at(-2000), [insert('clocked', id, { a: 'again', b: 'again' })]);
    assert.deepEqual([outcome.conflicts[0].column, outcome.conflicts[0].base, outcome.conflicts[0].kept], ['a', null, 'server']);
    const { a, b } = await row('clocked', id);
    assert.deepEqual([a, b], ['late', 'again']);
  });

  test(`any number of writes in any order end the same (seed ${seed})`, async () => {
    const r = random(seed);
    const start = BigInt(Date.now() - 100_000) << 16n;
    for (let round = 0; round < 12; ++round) {
      const writes = Array.from({ length: 5 }, (_, i) => ({ client: uuid(), hlc: String(start + BigInt(r.below(4))), value: `v${i}` }));
      const last = writes.toSorted((x, y) => (x.hlc === y.hlc ? (x.client < y.client ? -1 : 1) : BigInt(x.hlc) < BigInt(y.hlc) ? -1 : 1)).at(-1);
      const id = await made();
      // Each order on a row of its own, by devices that compare the same way.
      for (const w of writes.toSorted(() => r.below(3) - 1)) await write(pusher(ada, { epoch, client: w.client }), w.hlc, id, { a: w.value }, { a: 'base' });
      assert.equal((await row('clocked', id)).a, last.value);
    }
  });

  test('stamps follow the rows: keys that change, deletions, TRUNCATE, columns that come and go', async () => {
    const stamps = async (...ids) => (await owner`select pk from convoy.stamp where pk = any (${ids})`).map((s) => s.pk);
    const [id, moved] = [await made(), uuid()];
    await owner`update clocked set id = ${moved} where id = ${id}`;
    assert.deepEqual(await stamps(id, moved), [moved]);
    await owner.unsafe(`alter table clocked add column extra text`);
    await write(device(), at(-1000), moved, { extra: 'late' }, { extra: null });
    await write(device(), at(-2000), moved, { extra: 'early' }, { extra: null });
    assert.equal((await row('clocked', moved)).extra, 'late');
    await owner.unsafe(`alter table clocked drop column extra`);
    await owner`update clocked set a = 'x' where id = ${moved}`;
    await owner`delete from clocked where id = ${moved}`;
    assert.deepEqual(await stamps(moved), []);
    const kept = await made();
    await owner.begin(async (sql) => { await sql`truncate clocked`; assert.equal((await sql`select count(*)::int as n from convoy.stamp`)[0].n, 0); throw new Error('back'); })
      .catch((error) => assert.equal(error.message, 'back'));
    assert.deepEqual(await stamps(kept), [kept]);
  });

  test('turning the rule off forgets the times; tables without it have none', async () => {
    await owner.unsafe(`create table c2 (id uuid primary key, a text, b text); grant all on c2 to authenticated;
      select convoy.enable('c2', columns => '{"a": "last_write_wins"}')`);
    const id = await fresh('c2', { a: 'x', b: 'y' });
    await owner`update c2 set b = 'z'`;
    assert.deepEqual((await owner`select columns from convoy.stamp where pk = ${id}`)[0].columns, {});
    await owner`update c2 set a = 'z'`;
    assert.deepEqual(Object.keys((await owner`select columns from convoy.stamp where pk = ${id}`)[0].columns), ['a']);
    await owner`select convoy.enable('c2')`;
    assert.equal((await owner`select count(*)::int as n from convoy.stamp where pk = ${id}`)[0].n, 0);
    const plain = await fresh('sheets', { plain: 'x' });
    assert.equal((await owner`select count(*)::int as n from convoy.stamp where pk = ${plain}`)[0].n, 0);
  });

  test('columns may have any name', async () => {
    const names = ['n', 'o', 'r', 'x', 'w', 'c', 'q', 's', 'k', 'b', 'id', 'name', 'value', 'tbl', 'hlc', 'columns'];
    await owner.unsafe(`create table named (key uuid primary key, ${names.map((name) => `"${name}" text`).join(', ')}); grant all on named to authenticated;
      select convoy.enable('named', conflict => 'last_write_wins')`);
    const key = uuid(), all = (value) => Object.fromEntries(names.map((name) => [name, value]));
    const outcomes = await device().push([insert('named', key, all('1'))], [update('named', key, all('2'), all('1'))], [update('named', key, all('3'), all('1'))]);
    assert.deepEqual(outcomes.map((o) => [o.status, o.conflicts?.length]), [['applied', undefined], ['applied', undefined], ['merged', names.length]]);
    assert.deepEqual((await owner`select to_jsonb(x.*) as j from named x`)[0].j, { key, ...all('3') });
    await owner`delete from named`;
  });

  test('a time that is none is a malformed request', async () => {
    for (const hlc of ['x', '-1', '1.5', {}]) {
      await assert.rejects(ada.push({ client: uuid(), epoch, mutations: [mutation(1, [], { hlc })] }), { code: 'CV009' }, JSON.stringify(hlc));
    }
  });
});

describe('deletions', () => {
  test('delete wins over an edit the deleting device did not know', async () => {
    const id = await fresh('sheets', { plain: 'a' });
    await owner`update sheets set plain = 'b' where id = ${id}`;
    assert.deepEqual(await device().push([remove('sheets', id)]), [{ mid: 1, status: 'applied' }]);
    assert.equal(await row('sheets', id), undefined);
  });

  test('delete_wins: an edit of a row that is gone is refused, and so is a revival', async () => {
    const id = await fresh('sheets', { plain: 'a' });
    await owner`delete from sheets where id = ${id}`;
    const outcomes = await device().push([update('sheets', id, { plain: 'b' }, { plain: 'a' })], [insert('sheets', id, { plain: 'b' }, { revive: true })]);
    assert.deepEqual(outcomes.map((o) => o.code), ['CV004', 'CV005']);
  });

  test('resurrect: a revival brings the row back, and devices get it', async () => {
    const id = await fresh('clocked', { a: 'a' });
    await owner`delete from clocked where id = ${id}`;
    const start = await ada.pull({ client: uuid() });
    const [gone, plain, revived] = await device().push([update('clocked', id, { a: 'b' }, { a: 'a' })], [insert('clocked', id, { a: 'b' })],
      [insert('clocked', id, { a: 'b', b: 'all of it' }, { revive: true })]);
    assert.deepEqual([gone.code, plain.code, revived.status], ['CV004', 'CV005', 'applied']);
    const global = Object.entries(start.added).find(([scope]) => scope.startsWith('00000000'));
    const { changes } = await ada.pull({ client: uuid(), epoch, scopes: [{ base: start.next, ids: Object.fromEntries([global]) }] });
    const change = changes.find((c) => c.table === 'clocked');
    assert.deepEqual([change.rows.map((r) => r[0]), change.gone], [[id], []]);
    assert.deepEqual([...await owner`select * from convoy.audit()`], []);
  });

  test('a second revival is merged as the edit it was made from', async () => {
    await owner.unsafe(`create table lives (id uuid primary key, a text, b text, n int); grant all on lives to authenticated;
      select convoy.enable('lives', columns => '{"n": "counter"}', on_delete => 'resurrect')`);
    const id = await fresh('lives', { a: 'a', b: 'b', n: 10 });
    await owner`delete from lives where id = ${id}`;
    const base = { a: 'a', b: 'b', n: 10 };
    const [first] = await device().push([insert('lives', id, { a: 'A', b: 'b', n: 11 }, { revive: true, base })]);
    const [second] = await device().push([insert('lives', id, { a: 'a', b: 'B', n: 12 }, { revive: true, base })]);
    assert.deepEqual([first.status, second.status], ['applied', 'merged']);
    assert.deepEqual(await row('lives', id), { id, a: 'A', b: 'B', n: 13 });
  });

  test('only an insert revives', async () => {
    const outcomes = await device().push([{ ...remove('clocked', uuid()), revive: true }], [insert('clocked', uuid(), {}, { revive: 'yes' })],
      [insert('clocked', uuid(), {}, { revive: true })], [insert('clocked', uuid(), {}, { revive: false })]);
    assert.deepEqual(outcomes.map((o) => o.code ?? o.status), ['CV008', 'CV008', 'applied', 'applied']);
  });
});

describe('what enable refuses', () => {
  const cases = {
    'text for a number': [`'{"hits": "text"}'`, /needs a text/],
    'text with a limit': [`'{"short": "text"}'`, /without a limit/],
    'an unknown unit': [`'{"body": {"rule": "text", "unit": "letter"}}'`, /unknown unit/],
    'a unit for another rule': [`'{"body": {"rule": "manual", "unit": "line"}}'`, /unknown option/],
    'an unknown option': [`'{"body": {"rule": "text", "depth": 3}}'`, /unknown option/],
    'a counter of floats': [`'{"ratio": "counter"}'`, /integer or numeric/],
    'a set of texts': [`'{"body": "set"}'`, /jsonb or an array/],
    'custom without a function': [`'{"body": "custom"}'`, /needs a function/],
    'custom with an unknown function': [`'{"body": {"rule": "custom", "function": "nobody.knows"}}'`, /needs a function/],
    'custom with a function that returns something else': [`'{"body": {"rule": "custom", "function": "public.wrong"}}'`, /returning jsonb/],
    'a rule that is no rule': [`'{"body": 7}'`, /unknown rule/],
  };
  test('each, with the reason', async () => {
    await owner.unsafe(`create table refused (id uuid primary key, hits int, body text, short varchar(10), ratio float8);
      create function public.wrong(a jsonb, b jsonb, c jsonb) returns text language sql as 'select 1::text'`);
    for (const [what, [columns, message]] of Object.entries(cases)) {
      await assert.rejects(owner.unsafe(`select convoy.enable('refused', columns => ${columns})`), (error) => message.test(error.message), what);
    }
    await assert.rejects(owner.unsafe(`select convoy.enable('refused', on_delete => 'maybe')`), /unknown rule for deletions/);
    assert.equal((await owner`select count(*)::int as n from convoy.tables where name = 'refused'`)[0].n, 0);
  });
});

test('what a device is told of rules', async () => {
  const first = await ada.pull({ client: uuid() });
  const told = Object.fromEntries(first.schema.tables.map((t) => [t.name,
    [t.conflict, t.on_delete, Object.fromEntries(t.columns.filter((c) => c.rule).map((c) => [c.name, c.rule]))]]));
  assert.deepEqual(told.sheets, ['merge', 'delete_wins', { mine: 'client_wins', said: 'manual', body: 'text', page: 'text', hits: 'counter', total: 'counter',
    tags: 'set', labels: 'set', best: 'custom' }]);
  assert.deepEqual(told.clocked, ['last_write_wins', 'resurrect', { kept: 'server_wins' }]);
  assert.deepEqual(told.tasks, ['merge', 'delete_wins', { description: 'text', updated_at: 'latest' }]);
  await owner`select convoy.enable('stopped', conflict => 'manual', on_delete => 'resurrect')`;
  const second = await ada.pull({ client: uuid(), epoch, schema: first.schema.fingerprint });
  assert.notEqual(second.schema?.fingerprint, undefined);
  await owner`select convoy.enable('stopped', conflict => 'manual', on_delete => 'resurrect', columns => '{"a": "client_wins"}')`;
  assert.notEqual((await ada.pull({ client: uuid(), epoch, schema: second.schema.fingerprint })).schema?.fingerprint, undefined);
});
