/** Whether devices and server hold the same rows. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { must } from './users.mjs';

const READER = fileURLToPath(new URL('devices.py', import.meta.url));

/** All rows that `client` may see, by table. */
export async function serverRows(client, tables) {
  const all = {};
  for (const table of tables) all[table] = must(await client.from(table).select('*').order('id'));
  return all;
}

/** All rows in the database file of a device, by table. */
export const deviceRows = (device, tables) =>
  JSON.parse(execFileSync('python3', [READER, device.home, ...tables], { encoding: 'utf8', maxBuffer: 1 << 28 }));

/**
 * What differs between the server's rows and a device's, as [{table, id, column, server, device}]. Only the form of values
 * may differ: the server writes times as text and JSON as JSON, a device as milliseconds and as text.
 */
export function differences(server, device) {
  const found = [];
  for (const table of Object.keys(server)) {
    const here = new Map(device[table].map((row) => [row.id, row]));
    for (const row of server[table]) {
      const mine = here.get(row.id);
      here.delete(row.id);
      if (!mine) found.push({ table, id: row.id, column: '', server: 'a row', device: 'none' });
      else for (const column of Object.keys(row)) {
        if (!same(row[column], mine[column])) {
          found.push({ table, id: row.id, column, server: row[column], device: mine[column] });
        }
      }
    }
    for (const id of here.keys()) found.push({ table, id, column: '', server: 'none', device: 'a row' });
  }
  return found;
}

function same(server, device) {
  if (server === null || device === null || device === undefined) return server === (device ?? null);
  if (typeof server === 'object') return isDeepStrictEqual(server, typeof device === 'string' ? JSON.parse(device) : device);
  if (typeof server === 'boolean') return server === Boolean(device);
  if (server === device) return true;
  if (typeof server === 'number') return server === Number(device);
  const time = microseconds(server);
  return time !== undefined && time === (typeof device === 'number' ? Math.round(device * 1000) : microseconds(device));
}

/** Of a timestamptz, in the form of ISO 8601 or of Postgres; undefined for any other text. */
function microseconds(text) {
  const parts = /^(\d{4,}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d(?::?\d\d)?)$/.exec(text);
  if (!parts) return undefined;
  const [, day, time, fraction = '', zone] = parts;
  const offset = zone.length === 3 ? `${zone}:00` : zone;
  return Date.parse(`${day}T${time}${offset}`) * 1000 + Number(fraction.padEnd(6, '0'));
}
