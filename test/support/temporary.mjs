/** Temporary directories, removed when the process ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made = new Set();

export function temporaryDirectory(name) {
  const path = mkdtempSync(join(tmpdir(), `convoy-${name}-`));
  made.add(path);
  return path;
}

export function removeDirectory(path) {
  rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  made.delete(path);
}

process.on('exit', () => {
  if (process.env.CONVOY_KEEP) return; // To look at what a failed test left behind.
  for (const path of made) try { removeDirectory(path); } catch { /* A child may still be writing. */ }
});
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
  process.once(signal, () => process.exit(code));
}
