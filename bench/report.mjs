#!/usr/bin/env node
/**
 * Puts the results of a run into docs/benchmarks.md and docs/benchmarks.svg.
 *
 *   node bench/report.mjs [FILE]    default: build/bench/bench.json
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chart } from './lib/chart.mjs';
import { renew } from './lib/page.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const report = JSON.parse(readFileSync(process.argv[2] ?? join(root, 'build/bench/bench.json'), 'utf8'));
const page = join(root, 'docs/benchmarks.md');

writeFileSync(page, renew(readFileSync(page, 'utf8'), report));
writeFileSync(join(root, 'docs/benchmarks.svg'), chart(report));
console.log('Written: docs/benchmarks.md, docs/benchmarks.svg');
