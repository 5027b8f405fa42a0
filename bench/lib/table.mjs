/** Results as text for a terminal. */
const time = (seconds) => {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(seconds >= 0.1 ? 0 : 2)} ms`;
  return `${(seconds * 1e6).toFixed(1)} µs`;
};
const memory = (kib) => `${(kib / 1024).toFixed(1)} MiB`;

export const isMemory = ({ name }) => name.startsWith('memory');
export const amount = (result, value) => (isMemory(result) ? memory(value) : time(value));

export function target(result) {
  if (result.target.ratio) return `≤ ${result.target.ratio}×`;
  return `≤ +${isMemory(result) ? memory(result.target.beyond) : time(result.target.beyond)}`;
}

/** What the target is about: a multiple of the floor, or what is beyond it. */
export function relation(result, contender) {
  const found = result.contenders[contender];
  if (!found) return '';
  if (result.target.ratio) return `${found.ratio.median.toFixed(2)}×`;
  const sign = found.beyond.median < 0 ? '−' : '+';
  return sign + amount(result, Math.abs(found.beyond.median));
}

export const spread = (result, contender) => {
  const { ratio } = result.contenders[contender];
  return `${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)}`;
};

export function table({ results }) {
  const rows = [['', 'floor', 'Convoy', '', 'middle half', 'target', '', 'WatermelonDB', '']];
  for (const result of results) {
    if (result.failure) {
      rows.push([result.title, '', result.failure.slice(0, 24), '', '', target(result), 'MISSED', '', '']);
      continue;
    }
    const { floor, convoy, watermelon } = result.contenders;
    rows.push([
      result.title, amount(result, floor.median), amount(result, convoy.median), relation(result, 'convoy'),
      result.target.ratio ? spread(result, 'convoy') : '', target(result), result.met ? 'met' : 'MISSED',
      watermelon ? amount(result, watermelon.median) : '', relation(result, 'watermelon'),
    ]);
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ')).join('\n');
}
