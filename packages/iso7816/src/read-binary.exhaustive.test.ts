import { describe, expect, test } from 'vitest';
import { FakeChannel } from '../test/fake-channel.ts';
import { Card } from './card.ts';
import { StatusWordError } from './errors.ts';

describe('reading a whole file', () => {
  test('every status word but 9000, 6282 and, beyond the start, 6B00 is an error', async () => {
    const taken: number[] = [];
    for (let sw = 0; sw <= 0xffff; sw++) {
      const last = sw.toString(16).padStart(4, '0');
      // 61xx and 6Cxx belong to the layer below and have their own tests.
      if (last.startsWith('61') || last.startsWith('6c')) continue;
      const channel = new FakeChannel((_, index) => (index === 0 ? 'AA9000' : index === 1 ? last : '9000'));
      const outcome = await new Card(channel)
        .exclusive((session) => session.readFile())
        .catch((error: unknown) => error);
      if (!(outcome instanceof StatusWordError)) taken.push(sw);
    }
    expect(taken).toEqual([0x6282, 0x6b00, 0x9000]);
  });
});
