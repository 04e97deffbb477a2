/** Where two lists go on: both, only the first, only the second. Indices count from 0. */
export interface Alignment {
  readonly a?: number;
  readonly b?: number;
}

/** Largest table of the exact method; beyond it, lists are brought together greedily. 4 million cells are 8 MB. */
const MAX_CELLS = 4_000_000;

/** How far ahead the greedy method looks for two equal items. */
const LOOK_AHEAD = 48;

/**
 * Brings two lists together: an edit script of insertions and deletions. Exact (longest common subsequence) while the
 * part that differs is of some thousand items, greedy beyond; time and memory are bounded either way.
 */
export function align(a: readonly string[], b: readonly string[]): Alignment[] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let tail = 0;
  while (tail < shorter - start && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const script: Alignment[] = [];
  for (let i = 0; i < start; i++) script.push({ a: i, b: i });
  const middle = { a: a.slice(start, a.length - tail), b: b.slice(start, b.length - tail) };
  const isSmall = (middle.a.length + 1) * (middle.b.length + 1) <= MAX_CELLS;
  for (const pair of isSmall ? exact(middle.a, middle.b) : greedy(middle.a, middle.b))
    script.push(shifted(pair, start));
  for (let i = tail; i > 0; i--) script.push({ a: a.length - i, b: b.length - i });
  return script;
}

function shifted({ a, b }: Alignment, by: number): Alignment {
  return { ...(a !== undefined && { a: a + by }), ...(b !== undefined && { b: b + by }) };
}

/** Longest common subsequence by dynamic programming. */
function exact(a: readonly string[], b: readonly string[]): Alignment[] {
  const width = b.length + 1;
  // Lengths reach the square root of MAX_CELLS at most, so 16 bits hold them.
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const script: Alignment[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) script.push({ a: i++, b: j++ });
    else if (at(i + 1, j) >= at(i, j + 1)) script.push({ a: i++ });
    else script.push({ b: j++ });
  }
  return [...script, ...rest(a, b, i, j)];
}

/** At each difference goes on with the nearest pair of equal items. */
function greedy(a: readonly string[], b: readonly string[]): Alignment[] {
  const script: Alignment[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      script.push({ a: i++, b: j++ });
      continue;
    }
    const [skipA, skipB] = nearest(a, b, i, j);
    for (let k = 0; k < skipA && i < a.length; k++) script.push({ a: i++ });
    for (let k = 0; k < skipB && j < b.length; k++) script.push({ b: j++ });
  }
  for (const pair of rest(a, b, i, j)) script.push(pair);
  return script;
}

function nearest(a: readonly string[], b: readonly string[], i: number, j: number): [number, number] {
  for (let distance = 1; distance <= LOOK_AHEAD; distance++) {
    for (let skip = 0; skip <= distance; skip++) {
      const item = a[i + skip];
      if (item !== undefined && item === b[j + distance - skip]) return [skip, distance - skip];
    }
  }
  return [LOOK_AHEAD, LOOK_AHEAD];
}

function rest(a: readonly string[], b: readonly string[], i: number, j: number): Alignment[] {
  return [
    ...Array.from({ length: a.length - i }, (_, k) => ({ a: i + k })),
    ...Array.from({ length: b.length - j }, (_, k) => ({ b: j + k })),
  ];
}
