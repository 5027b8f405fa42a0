/** The results as Markdown, put into the page between two marks. */
import { amount, relation, spread, target } from './table.mjs';

const begin = '<!-- Results: made by scripts/bench -->';
const end = '<!-- End of the results -->';

function line(result) {
  const { title, failure, met } = result;
  if (failure) return `| ${title} | | | ${failure} | ${target(result)} | no | | |`;
  const { floor, convoy, watermelon } = result.contenders;
  const found = `${relation(result, 'convoy')}${result.target.ratio ? ` (${spread(result, 'convoy')})` : ''}`;
  const peer = watermelon ? `${amount(result, watermelon.median)} | ${relation(result, 'watermelon')}` : '|';
  return `| ${title} | ${amount(result, floor.median)} | ${amount(result, convoy.median)} | ${found} | ${target(result)} | ${met ? 'yes' : '**no**'} | ${peer} |`;
}

function machineLine({ machine }) {
  return `${machine.processor}, ${machine.cores} cores, ${machine.memoryGib} GiB, ${machine.system}, ${machine.fileSystem}; `
    + `${machine.compiler}; Node ${machine.node}; Convoy ${machine.version}; ${machine.date}`;
}

export function results(report) {
  return `${begin}

![Time of each operation as a multiple of plain C on SQLite](benchmarks.svg)

| operation | floor | Convoy | against the floor | target | met? | WatermelonDB | against the floor |
|---|--:|--:|--:|--:|---|--:|--:|
${report.results.map(line).join('\n')}

${machineLine(report)}.

${end}`;
}

/** The page with new results instead of its old ones. */
export function renew(page, report) {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error('the page has no place for results');
  return page.slice(0, from) + results(report) + page.slice(to + end.length);
}
