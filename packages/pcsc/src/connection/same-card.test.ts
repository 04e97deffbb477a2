import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  ATR,
  type FakeBinding,
  failure,
  OK,
  reader,
  withEverything,
  withOneCard,
} from '../../test/fake-binding.ts';
import { openPcsc } from '../pcsc.ts';

const RESET = 0x80100068;

afterEach(() => vi.useRealTimers());

const open = async (binding: FakeBinding) => {
  const pcsc = await openPcsc({ binding });
  const channel = await pcsc.connect('A', { share: 'shared' });
  return { pcsc, channel };
};

describe('after a reset that follows another card', () => {
  test.each([
    ['reported as absent, then present', [reader('A', 2), reader('A', 3, ATR)]],
    ['reported at its end only', [reader('A', 3, ATR)]],
    ['of a reader that does not count', [reader('A', 1), reader('A', 1, ATR)]],
  ])('nothing is sent, and the card counts as removed: %s', async (_, reports) => {
    for (const binding of [withEverything(), withOneCard()]) {
      const { channel } = await open(binding);
      for (const report of reports) binding.show(report);
      binding.failures.transmit.push(failure(RESET));
      await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
      await expect(channel.recover()).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
      await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
      expect(binding.calls).toEqual([]);
    }
  });

  test('no transaction begins', async () => {
    const binding = withEverything();
    const { channel } = await open(binding);
    binding.show(reader('A', 3, ATR));
    binding.failures.begin.push(failure(RESET));
    const work = channel.transaction(() => expect.unreachable('the card is another one'));
    await expect(work).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
    expect(binding.calls).toEqual(['begin']);
  });

  test('one that is seen only while connecting anew is not used either', async () => {
    const binding = withEverything();
    const { channel } = await open(binding);
    binding.failures.transmit.push(failure(RESET));
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
    const recovering = channel.recover();
    binding.beforeConnected = Promise.resolve().then(() => binding.show(reader('A', 3, ATR)));
    await expect(recovering).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
  });
});

test('a card whose insertion is reported after the connection is that card', async () => {
  vi.useFakeTimers();
  const binding = withEverything();
  binding.show(reader('A', 4));
  const connecting = openPcsc({ binding }).then((pcsc) => pcsc.connect('A', { share: 'shared' }));
  await vi.advanceTimersByTimeAsync(20);
  binding.show(reader('A', 5, ATR), reader('B', 1, ATR));
  await vi.advanceTimersByTimeAsync(20);
  const channel = await connecting;
  binding.show(reader('A', 5, ATR), reader('B', 2));
  binding.failures.transmit.push(failure(RESET));
  await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
  await channel.recover();
  expect(await channel.transmit(OK)).toEqual(OK);
});
