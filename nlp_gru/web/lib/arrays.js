// What several models compute outside of their graphs.

export function softmax(values) {
  const most = Math.max(...values);
  const e = Array.from(values, (v) => Math.exp(v - most));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / sum);
}

export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** At length 1; zeros stay zeros. */
export function unit(values) {
  const length = Math.max(Math.sqrt(dot(values, values)), 1e-12);
  return Float32Array.from(values, (v) => v / length);
}

/** The rows of a matrix of `width` columns, as views. */
export const rows = (data, width) => Array.from({ length: data.length / width }, (_, i) => data.subarray(i * width, (i + 1) * width));

/** Where the largest is; the first of equals. */
export function argmax(values) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** The places of the `k` largest, best first, the first of equals first. */
export function largest(values, k) {
  const all = Array.from(values, (_, i) => i);
  if (k < values.length / 4) {
    const least = Float64Array.from(values).sort()[values.length - k];
    return sorted(values, all.filter((i) => values[i] >= least)).slice(0, k);
  }
  return sorted(values, all).slice(0, k);
}

const sorted = (values, places) => places.sort((a, b) => values[b] - values[a] || a - b);

/** The first place in ascending values at which one is not below `value`. */
export function bisect(values, value, low = 0) {
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
