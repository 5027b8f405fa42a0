/** The results as a picture: how many times the floor's time each takes, on a logarithmic scale whose middle is the floor itself. */
const width = 860;
const rowHeight = 46;
const barHeight = 14;
const top = 74;
const left = 225;
const right = 90;

const escape = (text) => String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
const times = (ratio) => `${ratio >= 9.95 ? ratio.toFixed(0) : ratio.toFixed(ratio >= 0.1 ? 2 : 3)}×`;

// Readable on a light and on a dark page.
const style = `
  .page { fill: #ffffff; }
  text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
  .note { fill: #59636e; font-size: 12px; }
  .value { font-size: 12px; font-variant-numeric: tabular-nums; }
  .convoy { fill: #1f6feb; } .watermelon { fill: #a3adb8; }
  .grid { stroke: #d1d9e0; } .floor { stroke: #59636e; stroke-width: 1.5; }
  .target { stroke: #bc4c00; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; } text { fill: #e6edf3; } .note { fill: #9198a1; }
    .convoy { fill: #4493f8; } .watermelon { fill: #6e7681; }
    .grid { stroke: #30363d; } .floor { stroke: #9198a1; }
    .target { stroke: #f0883e; }
  }`;

/** From where to where, in powers of ten that hold all the values. */
function scaleOf(values) {
  const low = Math.floor(Math.min(-1, ...values.map(Math.log10)));
  const high = Math.ceil(Math.max(1, ...values.map(Math.log10)));
  const place = (value) => left + ((Math.log10(value) - low) / (high - low)) * (width - left - right);
  return { low, high, place };
}

function bar(kind, ratio, y, place) {
  const from = Math.min(place(1), place(ratio));
  const to = Math.max(place(1), place(ratio));
  const beside = ratio < 1 ? `x="${(from - 6).toFixed(1)}" text-anchor="end"` : `x="${(to + 6).toFixed(1)}"`;
  return `<rect class="${kind}" x="${from.toFixed(1)}" y="${y}" width="${Math.max(to - from, 1).toFixed(1)}" height="${barHeight}" rx="2"/>`
    + `<text class="value" ${beside} y="${y + barHeight - 3}">${times(ratio)}</text>`;
}

function row({ title, target, contenders }, index, place) {
  const y = top + index * rowHeight;
  const parts = [`<text x="12" y="${y + 20}">${escape(title)}</text>`];
  parts.push(bar('convoy', contenders.convoy.ratio.median, y, place));
  if (contenders.watermelon) parts.push(bar('watermelon', contenders.watermelon.ratio.median, y + barHeight + 2, place));
  const x = place(target.ratio).toFixed(1);
  parts.push(`<line class="target" x1="${x}" x2="${x}" y1="${y - 4}" y2="${y + barHeight + 3}"/>`);
  return parts.join('\n');
}

function legend() {
  const entry = (x, mark, words) => `${mark(x)}<text x="${x + 20}" y="24">${words}</text>`;
  const box = (kind) => (x) => `<rect class="${kind}" x="${x}" y="13" width="14" height="12" rx="2"/>`;
  return [
    entry(12, box('convoy'), 'Convoy'),
    entry(100, box('watermelon'), 'WatermelonDB on Node'),
    entry(290, (x) => `<line class="target" x1="${x + 7}" x2="${x + 7}" y1="11" y2="27"/>`, 'target for Convoy'),
    `<text class="note" x="${width - 12}" y="24" text-anchor="end">time, as a multiple of plain C on SQLite; less is better</text>`,
  ].join('\n');
}

export function chart({ results }) {
  const rows = results.filter(({ failure, target }) => !failure && target.ratio);
  const values = rows.flatMap(({ target, contenders }) => [
    target.ratio, ...['convoy', 'watermelon'].filter((name) => contenders[name]).map((name) => contenders[name].ratio.median),
  ]);
  const { low, high, place } = scaleOf(values);
  const bottom = top + rows.length * rowHeight - 6;
  const grid = [];
  for (let power = low; power <= high; ++power) {
    const x = place(10 ** power).toFixed(1);
    const name = power === 0 ? 'floor' : `${10 ** power}×`;
    grid.push(`<line class="${power === 0 ? 'floor' : 'grid'}" x1="${x}" x2="${x}" y1="${top - 14}" y2="${bottom}"/>`
      + `<text class="note" x="${x}" y="${top - 20}" text-anchor="middle">${name}</text>`);
  }
  const height = bottom + 14;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>Time of each operation as a multiple of plain C on SQLite</title>
<style>${style}
</style>
<rect class="page" width="${width}" height="${height}" rx="6"/>
${legend()}
${grid.join('\n')}
${rows.map((result, index) => row(result, index, place)).join('\n')}
</svg>
`;
}
