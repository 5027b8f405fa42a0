/**
 * What a device hashes of its rows, in a few lines, written from the protocol page. Good for values without fractions, exponents and
 * numbers beyond 2^53: those JavaScript writes as Postgres does.
 */
import { createHash } from 'node:crypto';

const sha256 = (text) => createHash('sha256').update(text, 'utf8').digest();
export const bucketOf = (id) => sha256(id)[0];
export const rowHash = (id, canonical) => sha256([id, ...canonical].map((part) => `${part}\n`).join('')).readBigUInt64BE();
export const hex = (hash) => hash.toString(16).padStart(16, '0');
export const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(', ')}]`;
  if (value !== null && typeof value === 'object') return `{${Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}: ${canonical(v)}`).join(', ')}}`;
  return JSON.stringify(value);
};

export const columnsOf = (device) => Object.fromEntries(device.schema.tables.map((t) => [t.name, t.columns.map((c) => c.name)]));
export function ask(device, scope, more) {
  const { base, visibility } = device.scopes.get(scope);
  return device.call('verify', { scope, base, visibility, columns: columnsOf(device), ...more });
}
/** What the device itself holds of a scope. */
export function hashes(device, scope) {
  return device.schema.tables.map(({ name, columns }) => {
    let hash = 0n, rows = 0;
    for (const [id, row] of device.table(name)) {
      if (row.scope !== scope) continue;
      hash ^= rowHash(id, columns.map((c) => canonical(row.values[c.name])));
      rows += 1;
    }
    return { table: name, rows, hash: hex(hash) };
  });
}
