/** Words, headings and tables on a terminal. */
const colourful = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code) => (text) => colourful ? `\x1b[${code}m${text}\x1b[0m` : String(text);

export const bold = paint('1');
export const faint = paint('2');
export const green = paint('32');
export const yellow = paint('33');
export const red = paint('31');

let chapters = 0;

export const say = (...lines) => lines.forEach((line) => console.log(line === '' ? '' : `   ${line}`));

export function chapter(title) {
  console.log(`\n${bold(`${++chapters}  ${title}`)}\n`);
}

/** Rows of values under headings; every cell in one line, cut at `width`. */
export function table(headings, rows, { width = 46 } = {}) {
  const cell = (value) => {
    const text = value === null || value === undefined ? '–' : String(value).replace(/\s+/g, ' ');
    return text.length > width ? `${text.slice(0, width - 1)}…` : text;
  };
  const cells = rows.map((row) => row.map(cell));
  const widths = headings.map((heading, i) => Math.max(heading.length, ...cells.map((row) => row[i].length)));
  const line = (row, style = (text) => text) =>
    say(row.map((text, i) => style(text.padEnd(widths[i]))).join('  ').trimEnd());
  line(headings, faint);
  cells.forEach((row) => line(row));
  say('');
}
