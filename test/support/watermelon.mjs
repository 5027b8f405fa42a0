/**
 * The real WatermelonDB on Node: its own SQLiteAdapter on better-sqlite3.
 *
 *   const schema = appSchema({ version: 1, tables: [tableSchema({ name: 'tasks', columns: [{ name: 'title', type: 'string' }] })] });
 *   const database = await openWatermelon('/tmp/x.db', { schema, migrations });
 *   await database.write(() => database.get('tasks').create((task) => { task.title = 'Cook'; }));
 *   closeWatermelon(database);
 *
 * Where it can't run, `unavailable` says why, and nothing else may be used: `test(name, { skip: unavailable }, …)`.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

function findObstacle() {
  let sqlite;
  try {
    sqlite = dirname(require.resolve('better-sqlite3/package.json'));
    require.resolve('@nozbe/watermelondb/package.json');
  } catch {
    return 'npm packages are missing: run scripts/test, or npm ci --ignore-scripts';
  }
  // The ready-made addon of the package crashes Node 20, so it must not be tried.
  if (Number(process.versions.node.split('.')[0]) >= 22 || existsSync(join(sqlite, 'build/Release/better_sqlite3.node'))) return false;
  return `better-sqlite3 has not been compiled for Node ${process.version}: scripts/test does it, if Node has its headers beside it`;
}

/** Why WatermelonDB can't run here, or false. */
export const unavailable = findObstacle();

/** A module of the package: `part('RawRecord').sanitizedRaw`. */
export const part = (path) => require(`@nozbe/watermelondb/${path}`);

const {
  Q, Model, Database, appSchema, tableSchema, createTable, addColumns, unsafeExecuteSql, schemaMigrations,
  synchronize, hasUnsyncedChanges, sanitizedRaw, SQLiteAdapter, bridge,
} = unavailable ? {} : {
  ...part('index'),
  ...part('Schema/migrations'),
  ...part('sync'),
  ...part('RawRecord'),
  SQLiteAdapter: part('adapters/sqlite').default,
  bridge: part('adapters/sqlite/sqlite-node/DatabaseBridge').default,
};
export {
  Q, Model, Database, appSchema, tableSchema, createTable, addColumns, unsafeExecuteSql, schemaMigrations,
  synchronize, hasUnsyncedChanges, sanitizedRaw, SQLiteAdapter,
};

// It reports what it does, and expected failures, on the console.
if (!unavailable && !process.env.CONVOY_WATERMELON_LOG) part('utils/common/logger').default.silence();

/**
 * A model class for each table of an appSchema, without decorators: every column is a property of the same name, and as
 * `@field`s would, `createdAt` and `updatedAt` exist where their columns do. `associations[table]` becomes the class's own.
 */
export function modelsOf(schema, associations = {}) {
  return Object.values(schema.tables).map((table) => {
    const ModelOfTable = class extends Model {};
    ModelOfTable.table = table.name;
    ModelOfTable.associations = associations[table.name] ?? {};
    for (const { name } of table.columnArray) {
      const property = {
        configurable: true, enumerable: true,
        get() { return this._getRaw(name); },
        set(value) { this._setRaw(name, value); },
      };
      Object.defineProperty(ModelOfTable.prototype, name, property);
      const touched = { created_at: 'createdAt', updated_at: 'updatedAt' }[name];
      if (touched) Object.defineProperty(ModelOfTable.prototype, touched, property);
    }
    return ModelOfTable;
  });
}

/** Opens or creates the file `path`, which must contain ".db". `models` default to modelsOf(schema, associations). */
export async function openWatermelon(path, { schema, migrations, associations, models = modelsOf(schema, associations) }) {
  if (!path.includes('.db')) throw new Error(`WatermelonDB would add .db to ${path}`);
  const adapter = new SQLiteAdapter({ dbName: path, schema, ...(migrations ? { migrations } : {}) });
  await adapter.initializingPromise;
  return new Database({ adapter, modelClasses: models });
}

/** The better-sqlite3 connection of a database. */
export const sqliteOf = (database) => bridge.connections[database.adapter.underlyingAdapter._tag].driver.database.instance;

/** What `look(connection)` sees in the file `path`, through better-sqlite3 alone. */
export function lookInto(path, look) {
  const sqlite = new (require('better-sqlite3'))(path);
  try {
    return look(sqlite);
  } finally {
    sqlite.close();
  }
}

/** WatermelonDB itself has no way to close a file. */
export function closeWatermelon(database) {
  sqliteOf(database).close();
  delete bridge.connections[database.adapter.underlyingAdapter._tag];
}
