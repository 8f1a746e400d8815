// The numbers that NumPy draws: numpy.random.default_rng(seed), so that a seed gives the same text here as in Python.
// PCG64 (O'Neill 2014, https://www.pcg-random.org), seeded through NumPy's SeedSequence.

const MASK = (1n << 128n) - 1n;
const MULTIPLIER = (2549297995355413924n << 64n) | 4865540595714422341n;
const LOW = (1n << 64n) - 1n;

/** A function that gives numbers from 0 to 1, without 1. Without a seed they are other ones each time. */
export function random(seed) {
  if (seed === undefined || seed === null) return Math.random;
  const [a, b, c, d] = seeded(BigInt(seed));
  const increment = ((((c << 64n) | d) << 1n) | 1n) & MASK;
  const step = (state) => (state * MULTIPLIER + increment) & MASK;
  let state = step((step(0n) + ((a << 64n) | b)) & MASK);
  return () => {
    state = step(state);
    const [mixed, turn] = [(state >> 64n) ^ (state & LOW), state >> 122n];
    const drawn = ((mixed >> turn) | (mixed << (64n - turn))) & LOW;
    return Number(drawn >> 11n) / 2 ** 53;
  };
}

/** Four numbers of 64 bits. */
function seeded(seed) {
  const entropy = [Number(seed & 0xffffffffn), Number(seed >> 32n), 0, 0];
  let constant = 0x43b0d7e5;
  const hash = (value) => {
    value ^= constant;
    constant = Math.imul(constant, 0x931e8875);
    value = Math.imul(value, constant);
    return value ^ (value >>> 16);
  };
  const pool = entropy.map(hash);
  for (let from = 0; from < 4; from++)
    for (let to = 0; to < 4; to++)
      if (from !== to) {
        const mixed = (Math.imul(0xca01f9dd, pool[to]) - Math.imul(0x4973f715, hash(pool[from]))) | 0;
        pool[to] = mixed ^ (mixed >>> 16);
      }
  constant = 0x8b51f9dd;
  const words = Array.from({ length: 8 }, (_, i) => {
    let value = pool[i % 4] ^ constant;
    constant = Math.imul(constant, 0x58f38ded);
    value = Math.imul(value, constant);
    return BigInt((value ^ (value >>> 16)) >>> 0);
  });
  return [0, 2, 4, 6].map((i) => words[i] | (words[i + 1] << 32n));
}

/** A place, drawn by the weights, which need not sum to 1. */
export function drawn(weights, draw) {
  const total = weights.reduce((a, b) => a + b, 0);
  const point = draw();
  let sum = 0;
  for (let i = 0; i < weights.length; i++) if ((sum += weights[i]) / total > point) return i;
  return weights.length - 1;
}
