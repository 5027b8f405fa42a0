/** Whether devices and server hold the same rows. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { must } from '../test/support/users.mjs';

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
  if (typeof server !== 'string') return Number(server) === Number(device);
  const [one, other] = [new Date(server).getTime(), new Date(device).getTime()];
  return one === other; // NaN, which no text but a time avoids, equals nothing.
}
