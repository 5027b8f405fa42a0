/** The value below which `part` of the values lie, between two of them in proportion. */
export function quantile(values, part) {
  const sorted = [...values].sort((left, right) => left - right);
  const place = (sorted.length - 1) * part;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

export const median = (values) => quantile(values, 0.5);

/** The middle, and the half of the values around it. */
export const summary = (values) => ({ median: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75) });
