import { expect, test } from 'vitest';
import { QUERY, spend, VERIFY } from '../test/spend-pin.ts';
import { ImplausibleCounterError, PinBlockedError, PinIncorrectError, PinRefusedError } from './errors.ts';

function sw(word: number): string {
  return word.toString(16).toUpperCase().padStart(4, '0');
}

test('every answer to the query but a counter stops the PIN, for all 65,536 status words', async () => {
  for (let word = 0; word <= 0xffff; word++) {
    if ((word >= 0x63c1 && word <= 0x63c3) || word >> 8 === 0x61) continue;
    const { outcome, verifies } = await spend({ [QUERY]: sw(word) });
    expect(verifies, sw(word)).toEqual([]);
    expect(outcome, sw(word)).toBeInstanceOf(Error);
  }
});

test('every status word to a VERIFY ends in a typed error after one VERIFY, and never in success', async () => {
  for (let word = 0; word <= 0xffff; word++) {
    if (word === 0x9000) continue;
    const { outcome, verifies } = await spend({ [QUERY]: '63C3', [VERIFY]: sw(word) });
    expect(verifies, sw(word)).toHaveLength(1);
    const known = [PinIncorrectError, PinBlockedError, PinRefusedError, ImplausibleCounterError];
    expect(
      known.some((type) => outcome instanceof type),
      sw(word),
    ).toBe(true);
  }
});
