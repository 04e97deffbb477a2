import { Card } from '@jpki/iso7816';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { failure, OK, times, withOneCard } from '../../test/fake-binding.ts';
import { openChannel } from '../../test/open-channel.ts';

const RESET = 0x80100068;
const BUSY = 0x8010000b;

afterEach(() => vi.useRealTimers());

const shared = { share: 'shared' } as const;
const later = () => {
  let finish: (value?: unknown) => void = () => undefined;
  const promise = new Promise<unknown>((resolve) => {
    finish = resolve;
  });
  return { promise, finish };
};

describe('a transaction', () => {
  test('encloses the work of a shared card, and leaves the card as it is', async () => {
    const { binding, channel } = await openChannel(shared);
    expect(await channel.transaction(() => channel.transmit(OK))).toEqual(OK);
    expect(binding.calls).toEqual(['begin', 'transmit 9000', 'end leave']);
  });

  test('is what Card.exclusive of a shared card runs in', async () => {
    const { binding, channel } = await openChannel(shared);
    const card = new Card(channel);
    await card.exclusive((session) => session.transmit({ cla: 0, ins: 0xca, p1: 0, p2: 1 }));
    expect(binding.calls).toEqual(['begin', 'transmit 00ca0001', 'end leave']);
  });

  test('is not needed where nobody else is connected', async () => {
    const { binding, channel } = await openChannel();
    await channel.transaction(() => channel.transmit(OK));
    expect(binding.calls).toEqual(['transmit 9000']);
  });

  test('is refused for a shared card where the binding has none, and nothing is sent', async () => {
    const { binding, channel } = await openChannel(shared, withOneCard());
    await expect(channel.transaction(() => channel.transmit(OK))).rejects.toMatchObject({
      code: 'ERR_PCSC_UNSUPPORTED',
      message: expect.stringContaining('"fake"'),
    });
    expect(binding.calls).toEqual([]);
  });

  test('ends however the work ends, and a failure to end it is met by the next call only', async () => {
    const { binding, channel } = await openChannel(shared);
    const reason = new Error('mine');
    await expect(channel.transaction(() => Promise.reject(reason))).rejects.toBe(reason);
    binding.failures.end.push(failure(RESET));
    expect(await channel.transaction(async () => 42)).toBe(42);
    await channel.transaction(() => channel.transmit(OK));
    expect(binding.calls).toEqual([
      ...['begin', 'end leave', 'begin', 'end leave'],
      ...['reconnect shared leave', 'begin', 'transmit 9000', 'end leave'],
    ]);
  });

  test('that finds the card reset connects anew and begins again', async () => {
    const { binding, channel } = await openChannel(shared);
    binding.failures.begin.push(...times(2, RESET));
    await channel.transaction(async () => undefined);
    expect(binding.calls).toEqual([
      ...['begin', 'reconnect shared leave', 'begin', 'reconnect shared leave', 'begin', 'end leave'],
    ]);
    binding.failures.begin.push(...times(100, RESET));
    await expect(channel.transaction(async () => undefined)).rejects.toMatchObject({
      code: 'ERR_CARD_RESET',
    });
  });

  test('goes on after a reset in the middle of it, held once and no more', async () => {
    const { binding, channel } = await openChannel(shared);
    await channel.transaction(async () => {
      binding.failures.transmit.push(failure(RESET));
      await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
      await channel.recover();
      await channel.transmit(OK);
    });
    expect(binding.calls).toEqual([
      'begin',
      ...['reconnect shared leave', 'end leave', 'begin'],
      ...['transmit 9000', 'end leave'],
    ]);
  });

  test('a service that is lost is typed, and stays lost', async () => {
    const { binding, channel } = await openChannel(shared);
    binding.failures.begin.push(failure(0x8010001d));
    const lost = { code: 'ERR_PCSC_NO_SERVICE', remedy: 'start-service' };
    await expect(channel.transaction(async () => undefined)).rejects.toMatchObject(lost);
    await expect(channel.transmit(OK)).rejects.toMatchObject(lost);
  });

  test('runs after the one before it', async () => {
    const { binding, channel } = await openChannel(shared);
    await Promise.all([1, 2].map(() => channel.transaction(() => channel.transmit(OK))));
    const one = ['begin', 'transmit 9000', 'end leave'];
    expect(binding.calls).toEqual([...one, ...one]);
  });

  test('of another program is waited for, and then named; one that comes late is ended', async () => {
    vi.useFakeTimers();
    const { binding, channel } = await openChannel({ ...shared, transactionTimeout: 5_000 });
    const begun = later();
    binding.beforeBegun = begun.promise;
    const busy = { code: 'ERR_PCSC_SHARING_VIOLATION', readerName: 'A', safeToRetry: true };
    const late = expect(channel.transaction(() => channel.transmit(OK))).rejects.toMatchObject(busy);
    await vi.advanceTimersByTimeAsync(5_000);
    await late;
    await expect(channel.transmit(OK)).rejects.toMatchObject(busy);
    expect(binding.calls).toEqual(['begin']);
    begun.finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(binding.calls).toEqual(['begin', 'end leave']);
    await channel.transaction(() => channel.transmit(OK));
    expect(binding.calls.slice(2)).toEqual(['begin', 'transmit 9000', 'end leave']);
  });

  test('can be aborted while it waits, and the channel used when the other program is done', async () => {
    const { binding, channel } = await openChannel(shared);
    const begun = later();
    binding.beforeBegun = begun.promise;
    const controller = new AbortController();
    const reason = new Error('enough');
    const waiting = expect(
      channel.transaction(async () => undefined, { signal: controller.signal }),
    ).rejects.toBe(reason);
    await vi.waitFor(() => expect(binding.calls).toEqual(['begin']), { timeout: 10_000 });
    controller.abort(reason);
    await waiting;
    begun.finish();
    await vi.waitFor(() => expect(binding.calls).toEqual(['begin', 'end leave']), { timeout: 10_000 });
    expect(await channel.transmit(OK)).toEqual(OK);
  });

  test('a command that another program keeps out can be sent again', async () => {
    const { binding, channel } = await openChannel(shared);
    binding.failures.transmit.push(failure(BUSY));
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_PCSC_SHARING_VIOLATION' });
    expect(await channel.transmit(OK)).toEqual(OK);
  });
});
