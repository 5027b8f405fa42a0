/**
 * WatermelonDB on Node with better-sqlite3, as its manual says. It keeps in memory whatever it has read and does not ask the file for it
 * again; to do the same work as the others it forgets that before each run, outside of the time.
 */
import { rmSync } from 'node:fs';
import { appSchema, closeWatermelon, openWatermelon, part, Q, sqliteOf, tableSchema } from '../../test/support/watermelon.mjs';
import { columnsOf, idOf, tableNames, tables, Tasks, Workload } from './workload.mjs';

const schema = appSchema({ version: 1, tables: tables.map(tableSchema) });
const { connections } = part('adapters/sqlite/sqlite-node/DatabaseBridge').default;
const taskColumns = columnsOf(Tasks);

function removeDatabase(path) {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { force: true });
}

const driverOf = (database) => connections[database.adapter.underlyingAdapter._tag].driver;

function forget(database) {
  driverOf(database).cachedRecords = {};
  for (const name of tableNames) database.get(name)._cache.unsafeClear();
}

function take(task, run) {
  ++run.rows;
  run.bytes += Buffer.byteLength(task._raw.title);
  if (!run.answer) return;
  run.answer.row(task.id);
  for (const column of taskColumns) run.answer.value(task._raw[column]);
}

export class Watermelon {
  #workload;
  #path;
  #loadPath;
  #kept = null; // The rows of each table.
  #database = null;

  constructor(folder, divisor) {
    this.#workload = new Workload(divisor);
    this.#path = `${folder}/watermelon.db`;
    this.#loadPath = `${folder}/watermelon-load.db`;
  }

  close() {
    if (this.#database) closeWatermelon(this.#database);
    this.#database = null;
  }

  keep() { this.#kept ??= tableNames.map((_, table) => this.#makeRows(table)); }

  #makeRows(table) {
    const columns = columnsOf(table);
    return Array.from({ length: this.#workload.counts[table] }, (_, number) => {
      const values = this.#workload.values(table, number);
      const row = { id: idOf(table, number), _status: 'synced', _changed: '' };
      columns.forEach((column, i) => { row[column] = values[i]; });
      return row;
    });
  }

  async #insertAll(database, run) {
    await run.time(() => database.write(async () => {
      const records = tableNames.flatMap((name, table) => {
        const collection = database.get(name);
        return (this.#kept?.[table] ?? this.#makeRows(table)).map((row) => collection.prepareCreateFromDirtyRaw(row));
      });
      run.rows += records.length;
      await database.batch(records);
    }));
  }

  async fill(run) {
    this.close();
    removeDatabase(this.#path);
    this.#database = await openWatermelon(this.#path, { schema });
    await this.#insertAll(this.#database, run);
    await this.open();
    if (!run.answer) return;
    const sqlite = sqliteOf(this.#database);
    for (const pragma of ['journal_mode', 'synchronous', 'cache_size']) run.answer.note(pragma, sqlite.pragma(pragma, { simple: true }));
    const layout = "select sql from sqlite_schema where sql is not null and name not glob 'sqlite_*' order by name";
    for (const { sql } of sqliteOf(this.#database).prepare(layout).all()) run.answer.note('layout', sql);
  }

  async open() {
    this.close();
    this.#database = await openWatermelon(this.#path, { schema });
  }

  async load(run) {
    removeDatabase(this.#loadPath);
    const database = await openWatermelon(this.#loadPath, { schema });
    await this.#insertAll(database, run);
    closeWatermelon(database);
    removeDatabase(this.#loadPath);
  }

  async #fetch(run, ...conditions) {
    forget(this.#database);
    const tasks = await run.time(() => this.#database.get('tasks').query(...conditions).fetch());
    for (const task of tasks) take(task, run);
  }

  async board(run) {
    const { status, milestones } = this.#workload.board(run.number);
    await this.#fetch(run, Q.where('status', status), Q.where('milestone_id', Q.oneOf(milestones)), Q.sortBy('updated_at', Q.desc), Q.take(50));
  }

  async search(run) {
    await this.#fetch(run, Q.where('description', Q.includes(this.#workload.searchWord(run.number))), Q.sortBy('updated_at', Q.desc), Q.take(50));
  }

  async count(run) {
    const { status, updatedFrom } = this.#workload.recent(run.number);
    const query = this.#database.get('tasks').query(Q.where('status', status), Q.where('updated_at', Q.gte(updatedFrom)));
    const found = await run.time(() => query.fetchCount());
    run.rows += found;
    run.answer?.value(found);
  }

  async find(run) {
    const ids = Array.from({ length: this.#workload.lookUps }, (_, step) => this.#workload.randomTask(run.number, step));
    forget(this.#database);
    const tasks = this.#database.get('tasks');
    await run.time(async () => {
      for (const id of ids) take(await tasks.find(id), run);
    });
  }

  async reopen(run) {
    const id = this.#workload.randomTask(run.number, 0);
    this.close();
    const task = await run.time(async () => {
      await this.open();
      return this.#database.get('tasks').find(id);
    });
    take(task, run);
  }

  /** The changes with their records, which a program would have at hand. */
  async #changes(run, kind) {
    const changes = Array.from({ length: this.#workload.changes }, (_, step) => this.#workload.change(kind, run.number, step));
    for (const change of changes) change.record = await this.#database.get('tasks').find(change.id);
    run.rows += changes.length;
    return changes;
  }

  async 'change-together'(run) {
    const changes = await this.#changes(run, 0);
    await run.time(() => this.#database.write(() => this.#database.batch(changes.map(({ record, title, now }) => {
      run.now = now;
      return record.prepareUpdate((task) => { task.title = title; });
    }))));
  }

  async 'change-alone'(run) {
    const changes = await this.#changes(run, 1);
    await run.time(async () => {
      for (const { record, title, now } of changes) {
        run.now = now;
        await this.#database.write(() => record.update((task) => { task.title = title; }));
      }
    });
  }

  /** From when the file has the commit, of which a program hears only later, until the rows are there. */
  async live(run) {
    const { status, milestones } = this.#workload.watchedBoard();
    const query = this.#database.get('tasks').query(
      Q.where('status', status), Q.where('milestone_id', Q.oneOf(milestones)), Q.sortBy('updated_at', Q.desc), Q.take(50),
    );
    let deliver;
    const next = () => new Promise((resolve) => { deliver = resolve; });
    const first = next();
    const subscription = query.observeWithColumns(['title', 'updated_at']).subscribe((tasks) => deliver([...tasks]));
    const shown = await first;
    const { title, now } = this.#workload.watchedChange(run.number);
    run.now = now;
    const driver = driverOf(this.#database);
    const { batch } = driver;
    driver.batch = (operations) => {
      batch.call(driver, operations);
      run.go();
    };
    const second = next();
    const task = shown[this.#workload.watchedPlace(run.number, shown.length)];
    await this.#database.write(() => task.update((changed) => { changed.title = title; }));
    const rows = await second;
    run.stop();
    delete driver.batch;
    subscription.unsubscribe();
    for (const row of rows) take(row, run);
  }

  /** All rows as they are in the file. */
  async state(run) {
    if (!run.answer) return;
    for (const [table, name] of tableNames.entries()) {
      const columns = columnsOf(table);
      for (const row of await this.#database.get(name).query(Q.sortBy('id', Q.asc)).unsafeFetchRaw()) {
        ++run.rows;
        run.answer.row(row.id);
        run.answer.names(row._changed);
        run.answer.value(row._status);
        for (const column of columns) run.answer.value(row[column]);
      }
    }
  }
}
