import { afterEach, describe, expect, test, vi } from 'vitest';
import { type FakeBinding, failure, OK, withEverything, withOneCard } from '../../test/fake-binding.ts';
import { type ConnectOptions, openPcsc } from '../pcsc.ts';

const BUSY = 0x8010000b;
const REMOVED = 0x80100069;

const open = async (
  options: ConnectOptions = { share: 'shared' },
  binding: FakeBinding = withEverything(),
) => {
  const pcsc = await openPcsc({ binding });
  return { binding, pcsc, channel: await pcsc.connect('A', options) };
};
/** What is done to the card when its channel is closed. */
const closing = async ({ binding, channel }: Awaited<ReturnType<typeof open>>) => {
  await channel[Symbol.asyncDispose]();
  return binding.calls;
};

afterEach(() => vi.useRealTimers());

describe('the end of a connection', () => {
  test.each(['unpower', 'reset', 'leave'] as const)(
    'that has the card to itself does %s to it with the disconnection',
    async (disposition) => {
      const opened = await open({ share: 'exclusive', disposition });
      expect(await closing(opened)).toEqual([`disconnect ${disposition}`]);
    },
  );

  test.each(['unpower', 'reset'] as const)(
    'does %s to a shared card inside a transaction, where nobody is connecting or sending',
    async (disposition) => {
      const opened = await open({ share: 'shared', disposition });
      expect(await closing(opened)).toEqual(['begin', `end ${disposition}`, 'disconnect leave']);
    },
  );

  test('leaves a shared card alone where that was asked for', async () => {
    expect(await closing(await open({ share: 'shared', disposition: 'leave' }))).toEqual([
      'disconnect leave',
    ]);
  });

  test.each([
    ['begin', ['begin', 'disconnect unpower']],
    ['end', ['begin', 'end unpower', 'disconnect unpower']],
  ] as const)('does it with the disconnection when the transaction fails to %s', async (call, calls) => {
    const opened = await open();
    opened.binding.failures[call].push(failure(BUSY));
    expect(await closing(opened)).toEqual(calls);
  });

  test('does it with the disconnection where there are no transactions', async () => {
    expect(await closing(await open({ share: 'shared' }, withOneCard()))).toEqual(['disconnect unpower']);
  });

  test('begins nothing with a card that was removed', async () => {
    const opened = await open();
    opened.binding.failures.transmit.push(failure(REMOVED));
    await expect(opened.channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
    opened.binding.calls.length = 0;
    expect(await closing(opened)).toEqual(['disconnect unpower']);
  });

  test("is not kept up by another program's transaction that never ends", async () => {
    vi.useFakeTimers();
    const { binding, pcsc } = await open();
    binding.beforeBegun = new Promise(() => undefined);
    const closed = pcsc.close();
    await vi.advanceTimersByTimeAsync(2_000);
    await closed;
    expect(binding.calls).toEqual(['begin', 'disconnect unpower']);
  });
});
