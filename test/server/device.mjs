/**
 * A device in a few lines, written from the protocol page: what a client must hold after a sync, and nothing else (no outbox,
 * no overlay). Tests compare it with what a plain select shows the same person.
 */
import { uuid } from './project.mjs';

export class Device {
  /** @param {{limit?: number, between?: () => Promise<void>}} options `between` runs between the pages of a window. */
  constructor(person, { limit = 1000, between = async () => {}, sql } = {}) {
    Object.assign(this, { person, limit, between, sql, client: uuid() });
    this.epoch = undefined;
    this.fingerprint = undefined;
    this.scopes = new Map();        // scope → {base, visibility}
    this.rows = new Map();          // table → id → {scope, values}
    this.stats = { pulls: 0, rows: 0, gone: 0, backfills: 0, resets: 0 };
  }

  table(name) {
    if (!this.rows.has(name)) this.rows.set(name, new Map());
    return this.rows.get(name);
  }

  apply(changes) {
    for (const { table, scope, columns, rows, gone } of changes) {
      const mine = this.table(table);
      for (const [id, ...values] of rows) {
        mine.set(id, { scope, values: Object.fromEntries(columns.map((name, i) => [name, values[i]])) });
        this.stats.rows += 1;
      }
      for (const id of gone) {
        if (mine.get(id)?.scope === scope) mine.delete(id);
        this.stats.gone += 1;
      }
    }
  }

  drop(scope) {
    this.scopes.delete(scope);
    for (const rows of this.rows.values()) {
      for (const [id, row] of rows) if (row.scope === scope) rows.delete(id);
    }
  }

  call(name, req) {
    return this.person[name]({ client: this.client, epoch: this.epoch, ...req }, this.sql && { sql: this.sql });
  }

  /** Groups of scopes with the same base, as the request wants them. */
  groups() {
    const groups = new Map();
    for (const [scope, { base, visibility }] of this.scopes) {
      if (!groups.has(base)) groups.set(base, { base, ids: {} });
      groups.get(base).ids[scope] = visibility;
    }
    return [...groups.values()];
  }

  /** One window. Returns the scopes to back-fill. */
  async pull() {
    const scopes = this.groups();
    const first = await this.call('pull', { schema: this.fingerprint, scopes, limit: this.limit });
    this.stats.pulls += 1;
    if (first.status === 'reset') {
      this.stats.resets += 1;
      if (this.stats.resets > 20) throw new Error('no end of resets');
      this.epoch = first.epoch;
      const again = [...this.scopes.keys()];
      this.scopes.clear();
      return this.repeat(again);
    }
    if (first.status !== 'ok') throw new Error(first.status);
    this.epoch = first.epoch;
    this.fingerprint = first.schema?.fingerprint ?? this.fingerprint;
    this.schema = first.schema ?? this.schema;
    for (let page = first; ; ) {
      for (const scope of page.removed ?? []) this.drop(scope);
      this.apply(page.changes);
      if (!page.more) break;
      await this.between();
      page = await this.call('pull', { schema: this.fingerprint, scopes, limit: this.limit, target: page.target, after: page.after });
      if (page.status !== 'ok') throw new Error(page.status);
    }
    for (const state of this.scopes.values()) state.base = first.next;
    this.lastMid = first.last_mid;
    return Object.keys(first.added ?? {});
  }

  /** After a reset: rows stay, and what the back-fill does not bring goes. */
  async repeat(scopes) {
    for (const scope of scopes) await this.backfill(scope);
    return (await this.pull()) ?? [];
  }

  async backfill(scope) {
    this.stats.backfills += 1;
    for (;;) {
      const brought = new Set();
      let page = await this.call('backfill', { scope, limit: this.limit });
      const first = page;
      for (;;) {
        if (page.status === 'reset') { this.epoch = page.epoch; break; }
        if (page.visibility === null) { this.drop(scope); return; }
        if (page.visibility !== first.visibility) break;
        this.apply(page.changes);
        for (const { table, rows } of page.changes) for (const [id] of rows) brought.add(`${table}/${id}`);
        if (!page.more) {
          for (const [table, rows] of this.rows) {
            for (const [id, row] of rows) if (row.scope === scope && !brought.has(`${table}/${id}`)) rows.delete(id);
          }
          this.scopes.set(scope, { base: first.next, visibility: first.visibility });
          return;
        }
        await this.between();
        page = await this.call('backfill', { scope, limit: this.limit, after: page.after });
      }
    }
  }

  async sync() {
    for (let round = 0; ; ++round) {
      const added = await this.pull();
      if (added.length === 0) return this;
      if (round > 50) throw new Error('no end of added scopes');
      for (const scope of added) await this.backfill(scope);
    }
  }

  /** `{table: {id: values}}` of all it holds. */
  content() {
    const result = {};
    for (const { name } of this.schema.tables) {
      result[name] = Object.fromEntries([...this.table(name)].map(([id, { values }]) => [id, values]).sort());
    }
    return result;
  }

  /** The same, as a plain select shows it to this person: Row Level Security and nothing of Convoy. */
  async truth() {
    return this.person.run(async (sql) => {
      await sql`set local timezone = 'UTC'`;
      const result = {};
      for (const { name, id } of this.schema.tables) {
        const rows = await sql`select x.${sql(id)}::text as id, to_jsonb(x) as j from ${sql(name)} x`;
        result[name] = Object.fromEntries(rows.map((row) => {
          const { [id]: _, ...values } = row.j;
          return [row.id, values];
        }).sort());
      }
      return result;
    }, this.sql && { sql: this.sql });
  }
}
