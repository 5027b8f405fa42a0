/**
 * Convoy's own hands on a database file (convoy_file.cc): what it holds, writing to it, and its rules for values and tables.
 *
 *   const { tables, outbox } = openInConvoy(path, schema);             // schema: WatermelonDB's appSchema
 *   writeInConvoy(path, schema, [{ write: [{ create: 'tasks', fields: { title: 'Cook' } }] }]);
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unavailable as noWatermelon } from '../support/watermelon.mjs';

const preset = process.env.CONVOY_PRESET ?? 'dev';
const program = fileURLToPath(new URL(`../../build/${preset}/test/compat/convoy_file`, import.meta.url));

/** Why files can't be compared here, or false. */
export const unavailable = noWatermelon;

/** Asks convoy_file; an error it reports is thrown, with its `code`. */
export function ask(command, request) {
  if (!existsSync(program)) throw new Error(`${program} is not built: run scripts/build`);
  const { status, stdout, stderr, error } = spawnSync(program, [command], {
    input: JSON.stringify(request), encoding: 'utf8', maxBuffer: 2 ** 30,
  });
  if (error) throw error;
  if (status !== 0 && stdout === '') throw new Error(`convoy_file ${command} ended with ${status}\n${stderr}`);
  const reply = JSON.parse(stdout);
  if (status !== 0) throw Object.assign(new Error(`${reply.error}: ${reply.message}`), { code: reply.error, hint: reply.hint });
  return reply;
}

const columnForConvoy = ({ name, type, isOptional, isIndexed }, references) => ({
  name, type, ...(isOptional && { optional: true }), ...(isIndexed && { indexed: true }), ...(references && { references }),
});

/**
 * A WatermelonDB appSchema in Convoy's JSON form. `references` says what its associations would: `{tasks: {project_id:
 * {table: 'projects'}}}`.
 */
export const schemaForConvoy = ({ version, tables }, references = {}) => ({
  version,
  tables: Object.values(tables).map(({ name, columnArray }) => ({
    name, ids: 'watermelon', columns: columnArray.map((column) => columnForConvoy(column, references[name]?.[column.name])),
  })),
});

/** Opens the file in Convoy and tells all it holds: `tables`, `deleted`, `outbox`, `rows` (confirmed), `local_storage`. */
export const openInConvoy = (file, schema, references) => ask('open', { file, schema: schemaForConvoy(schema, references) });

/** The same, after the steps of file_script.h. */
export const writeInConvoy = (file, schema, script, references) =>
  ask('write', { file, schema: schemaForConvoy(schema, references), script });
