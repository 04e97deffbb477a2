import { expect, test } from 'vitest';
import { FakeChannel } from '../test/fake-channel.ts';
import { Card } from './card.ts';
import { StatusWordError } from './errors.ts';
import { Pin } from './pin.ts';

const PIN_EF = 0x0018;

test('every status word but 9000 to a VERIFY is an error with that word, after one command', async () => {
  let sw = 0;
  const answer = () => sw.toString(16).padStart(4, '0');
  const channel = new FakeChannel((hex) => (hex.startsWith('0020') ? answer() : '9000'));
  const taken: number[] = [];
  await new Card(channel).exclusive(async (session) => {
    await session.selectEf(PIN_EF);
    for (sw = 0; sw <= 0xffff; sw++) {
      // A PIN of its own for each word, since a refused one is not sent twice.
      const pin = Pin.fromBytes(Buffer.from(String(sw).padStart(5, '0')));
      const outcome = await session.verify(PIN_EF, pin).catch((error: unknown) => error);
      if (!(outcome instanceof StatusWordError && outcome.sw === sw)) taken.push(sw);
    }
  });
  expect(taken).toEqual([0x9000]);
  expect(channel.sent.length).toBe(1 + 65_536);
});
