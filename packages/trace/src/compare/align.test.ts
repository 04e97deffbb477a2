import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { align } from './align.ts';

/** The script as text: `=x` in both, `-x` only in the first, `+x` only in the second. */
const scriptOf = (a: string, b: string): string =>
  align(Array.from(a), Array.from(b))
    .map(({ a: i, b: j }) => (i === undefined ? `+${b[j ?? 0]}` : j === undefined ? `-${a[i]}` : `=${a[i]}`))
    .join(' ');

describe('bringing two lists together', () => {
  test('finds what was put in, left out and replaced', () => {
    expect(scriptOf('abc', 'abc')).toBe('=a =b =c');
    expect(scriptOf('ac', 'abc')).toBe('=a +b =c');
    expect(scriptOf('abc', 'ac')).toBe('=a -b =c');
    expect(scriptOf('abcd', 'axyd')).toBe('=a -b -c +x +y =d');
    expect(scriptOf('', 'ab')).toBe('+a +b');
    expect(scriptOf('', '')).toBe('');
  });

  const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 });

  /** Every index once and in order, and pairs only of equal items. */
  const checkScript = (a: readonly string[], b: readonly string[]) => {
    const script = align(a, b);
    const indices = (side: 'a' | 'b') => script.flatMap((step) => step[side] ?? []);
    expect(indices('a')).toEqual(a.map((_, i) => i));
    expect(indices('b')).toEqual(b.map((_, i) => i));
    for (const { a: i, b: j } of script) if (i !== undefined && j !== undefined) expect(a[i]).toBe(b[j]);
    return script.filter((step) => step.a !== undefined && step.b !== undefined).length;
  };

  test('uses every item once and in order', () => {
    fc.assert(fc.property(letters, letters, (a, b) => void checkScript(a, b)));
  });

  test('of lists too long for the exact method keeps what is near', () => {
    const a = Array.from({ length: 6000 }, (_, i) => `a${i}`);
    const b = a.flatMap((item, i) => (i % 100 === 50 ? [`b${i}`, item] : i % 100 === 70 ? [] : [item]));
    // Both ends differ, so that nothing is taken off before.
    expect(checkScript(['x', ...a, 'x'], ['y', ...b, 'y'])).toBe(6000 - 60);
  });

  test('of long lists that have nothing in common ends as well', () => {
    const a = Array.from({ length: 5000 }, (_, i) => `a${i}`);
    const b = Array.from({ length: 4000 }, (_, i) => `b${i}`);
    expect(checkScript(a, b)).toBe(0);
  });
});
