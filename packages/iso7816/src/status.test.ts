import { describe, expect, test } from 'vitest';
import { describeStatusWord, type StatusWordKind, Sw, triesLeftFrom } from './status.ts';

const everyStatusWord = Array.from({ length: 0x10000 }, (_, sw) => sw);

test('every one of the 65,536 status words has a kind and a text in both languages', () => {
  const unfinished = everyStatusWord.filter((sw) => {
    const { kind, en, ja } = describeStatusWord(sw);
    return !kind || !en || !/[ぁ-んァ-ヶ一-龠]/u.test(ja);
  });
  expect(unfinished).toEqual([]);
});

test('how many words are of which kind', () => {
  const counts = new Map<StatusWordKind, number>();
  for (const sw of everyStatusWord) {
    const { kind } = describeStatusWord(sw);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  expect(Object.fromEntries(counts)).toEqual({
    success: 1,
    'more-data': 256,
    'wrong-le': 256,
    warning: 2 * 256,
    error: 11 * 256,
    // 9XXX without 9000; no SW1 of 6X is left to it.
    proprietary: 16 * 256 - 1,
    // ISO/IEC 7816-3 knows 61XX to 6FXX and 9XXX only.
    invalid: 65_536 - 31 * 256,
  });
});

test.each<[number, StatusWordKind, string]>([
  [0x9000, 'success', 'success'],
  [0x6100, 'more-data', '256 more bytes to fetch'],
  [0x6105, 'more-data', '5 more bytes to fetch'],
  [0x6c00, 'wrong-le', 'wrong Le, 256 is right'],
  [0x63c0, 'warning', 'verification failed, 0 tries left'],
  [0x63c1, 'warning', 'verification failed, 1 try left'],
  [0x63cf, 'warning', 'verification failed, 15 tries left'],
  [0x6382, 'warning', 'warning, memory changed'],
  [0x6984, 'error', 'reference data not usable (PIN blocked)'],
  [0x66f1, 'error', 'security environment faulty: no key delivery configured'],
  [0x69fc, 'error', 'no secure messaging session'],
  [0x6aff, 'error', 'wrong parameters P1-P2'],
  [0x9100, 'proprietary', 'proprietary status word'],
  [0x6000, 'invalid', 'not a status word of ISO/IEC 7816-3'],
  [0x0000, 'invalid', 'not a status word of ISO/IEC 7816-3'],
])('%i is described', (sw, kind, en) => {
  expect(describeStatusWord(sw)).toMatchObject({ kind, en });
});

test('every named status word is named once and has its own text', () => {
  const words = Object.values(Sw);
  expect(new Set(words).size).toBe(words.length);
  expect(new Set(words.map((sw) => describeStatusWord(sw).en)).size).toBe(words.length);
});

describe('tries left', () => {
  test('only 63C0 to 63CF tell a counter; every other word tells none', () => {
    const counters = everyStatusWord.flatMap((sw) => {
      const tries = triesLeftFrom(sw);
      return tries === undefined ? [] : [[sw, tries]];
    });
    expect(counters).toEqual(Array.from({ length: 16 }, (_, tries) => [0x63c0 + tries, tries]));
  });
});
