/** The app of these tests: projects with tasks, which may have a parent task; and values that break things. */
import { Q, appSchema, part, tableSchema, unavailable } from '../support/watermelon.mjs';

export const schema = unavailable ? undefined : appSchema({
  version: 1,
  tables: [
    // Children first, so that no order of tables is right by chance.
    tableSchema({
      name: 'tasks',
      columns: [
        { name: 'project_id', type: 'string', isIndexed: true },
        { name: 'parent_id', type: 'string', isOptional: true, isIndexed: true },
        { name: 'title', type: 'string' },
        { name: 'notes', type: 'string', isOptional: true },
        { name: 'rank', type: 'number', isIndexed: true },
        { name: 'weight', type: 'number', isOptional: true },
        { name: 'is_done', type: 'boolean' },
        { name: 'is_starred', type: 'boolean', isOptional: true },
        { name: 'created_at', type: 'number' },
        { name: 'updated_at', type: 'number' },
      ],
    }),
    tableSchema({ name: 'projects', columns: [{ name: 'name', type: 'string' }] }),
  ],
});

export const references = {
  tasks: { project_id: { table: 'projects' }, parent_id: { table: 'tasks' } },
};

export const naughtyStrings = [
  '', ' ', '\t\n\r', '0', '-1', '1/0', '1e400', 'null', 'undefined', 'NaN', 'true', 'false', '\\', '\\\\', '"', "'", "''", '`', '$1', '?', ':a', '@a',
  `'; drop table tasks; --`, '%', '_', '[a-z]*', '{"json": [1, null]}', '<script>alert("x")</script>', '../../etc/passwd', '%s%n',
  'é', 'e\u0301', 'ﬃ', 'İı', 'ß', '你好', 'مرحبا', '\u202eright to left', '\u200b\u200d\ufeff', '\ufffe\uffff', '\u0001\u001f\u007f\u0085\u2028\u2029',
  '🍉', '👩‍👩‍👧‍👦', '🏳️‍🌈', '\u{10ffff}', 'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L', 'x'.repeat(100_000), '🍉'.repeat(20_000), 'line\nline\r\nline', '  kept  ',
];

export const numbers = [
  0, 1, -1, 0.1, 0.1 + 0.2, 1 / 3, -2.5e-7, 1e21, -1e21, 2 ** 31, 2 ** 53, -(2 ** 53), 2 ** 53 - 1, Number.MAX_VALUE, Number.MIN_VALUE,
  1590485104033, 1590485104033.123, 123456789.12345679,
];

/** A whole row of a task. */
export const someTask = (id, more) => ({
  id, project_id: 'p', parent_id: null, title: `Task ${id}`, notes: null, rank: 1, weight: null, is_done: false, is_starred: null,
  created_at: 1, updated_at: 1, ...more,
});

/** What WatermelonDB would push: `{tasks: {created: [raw], updated: [raw], deleted: [id]}, …}`. */
export const unsynced = async (database) => (await part('sync/impl').fetchLocalChanges(database)).changes;

/** All rows that WatermelonDB shows, as Convoy's report has them. */
export async function rowsOf(database) {
  const tables = {};
  for (const name of Object.keys(database.schema.tables)) {
    const records = await database.get(name).query(Q.sortBy('id')).fetch();
    tables[name] = records.map(({ _raw }) => ({ ..._raw }));
  }
  return tables;
}

/** The operations in an outbox, one after another. */
export const operationsOf = ({ outbox }) => outbox.flatMap(({ ops }) => ops);

/** Rows without `_status` and `_changed`. */
export const contentOf = (tables) => Object.fromEntries(Object.entries(tables).map(([name, rows]) =>
  [name, rows.map(({ _status, _changed, ...content }) => content)]));
