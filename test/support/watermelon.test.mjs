import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from './temporary.mjs';
import { appSchema, closeWatermelon, openWatermelon, sqliteOf, tableSchema, unavailable } from './watermelon.mjs';

test('the real WatermelonDB writes a file and finds it again', { skip: unavailable }, async () => {
  const path = join(temporaryDirectory('watermelon'), 'file.db');
  const schema = appSchema({
    version: 3,
    tables: [tableSchema({ name: 'tasks', columns: [{ name: 'title', type: 'string' }, { name: 'updated_at', type: 'number' }] })],
  });
  const first = await openWatermelon(path, { schema });
  const task = await first.write(() => first.get('tasks').create((made) => { made.title = 'Cook'; }));
  await first.write(() => task.update((changed) => { changed.title = 'Eat'; }));
  closeWatermelon(first);
  assert.throws(() => sqliteOf(first));

  const again = await openWatermelon(path, { schema });
  const found = await again.get('tasks').find(task.id);
  assert.equal(found.title, 'Eat');
  assert.equal(found._raw._status, 'created');
  assert.ok(found.updatedAt > 0);
  assert.equal(sqliteOf(again).pragma('user_version', { simple: true }), 3);
  closeWatermelon(again);
});
