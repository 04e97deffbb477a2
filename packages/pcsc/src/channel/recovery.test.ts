import { afterEach, describe, expect, test, vi } from 'vitest';
import { failure, OK, times, withOneCard } from '../../test/fake-binding.ts';
import { openChannel } from '../../test/open-channel.ts';

const RESET = 0x80100068;
const REMOVED = 0x80100069;
const BUSY = 0x8010000b;
const PROTOCOL_MISMATCH = 0x8010000f;

afterEach(() => vi.useRealTimers());

const shared = { share: 'shared' } as const;

describe("after somebody else's reset", () => {
  test('nothing is sent until the channel is recovered, which leaves the card as it is', async () => {
    const { binding, channel } = await openChannel(shared);
    binding.failures.transmit.push(failure(RESET));
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
    await channel.recover();
    expect(await channel.transmit(OK)).toEqual(OK);
    expect(binding.calls).toEqual(['reconnect shared leave', 'transmit 9000']);
  });

  test('a protocol that the service has forgotten is the reset it did not tell of', async () => {
    const { binding, channel } = await openChannel(shared);
    binding.failures.transmit.push(failure(PROTOCOL_MISMATCH));
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
    await channel.recover();
    expect(await channel.transmit(OK)).toEqual(OK);
    expect(binding.calls).toEqual(['reconnect shared leave', 'transmit 9000']);
  });

  test('without SCardReconnect the card is disconnected, left as it is, and connected again', async () => {
    const { binding, channel } = await openChannel(shared, withOneCard());
    binding.failures.transmit.push(failure(RESET));
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
    await channel.recover();
    await channel.transmit(OK);
    expect(binding.calls).toEqual(['disconnect leave', 'transmit 9000']);
    expect(binding.shares).toEqual(['shared', 'shared']);
  });

  test('one more reset while recovering is overcome as well, a few times', async () => {
    const { binding, channel } = await openChannel(shared);
    binding.failures.transmit.push(failure(RESET), failure(RESET));
    binding.failures.reconnect.push(...times(4, RESET));
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
    await channel.recover();
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
    binding.failures.reconnect.push(...times(100, RESET));
    await expect(channel.recover()).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
    binding.failures.reconnect.length = 0;
    await channel.recover();
    await channel.transmit(OK);
  });

  test('a card that is gone meanwhile is a removed one, for good', async () => {
    const { binding, channel } = await openChannel(shared);
    binding.failures.transmit.push(failure(RESET));
    binding.failures.reconnect.push(failure(REMOVED));
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
    await expect(channel.recover()).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
    await expect(channel.recover()).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
  });

  test('recovering without a reset does nothing', async () => {
    const { binding, channel } = await openChannel(shared);
    await channel.recover();
    expect(binding.calls).toEqual([]);
  });
});

describe('a reset of our own', () => {
  test.each([
    ['warm', 'reset'],
    ['cold', 'unpower'],
  ] as const)('%s is a reconnection after %s, and the ATR is read anew', async (kind, disposition) => {
    const { binding, channel } = await openChannel();
    binding.attributes = new Map([[0x0009_0303, Uint8Array.of(0x3b, 0x01)]]);
    await channel.reset(kind);
    expect(binding.calls).toEqual([`reconnect exclusive ${disposition}`, 'attribute 90303']);
    expect(channel.atr).toEqual(Uint8Array.of(0x3b, 0x01));
    expect(await channel.transmit(OK)).toEqual(OK);
  });

  test('without SCardReconnect is a disconnection and a new connection', async () => {
    const { binding, channel } = await openChannel({}, withOneCard());
    await channel.reset('cold');
    await channel.transmit(OK);
    expect(binding.calls).toEqual(['disconnect unpower', 'transmit 9000']);
    expect(binding.shares).toEqual(['exclusive', 'exclusive']);
  });

  test('that loses the card to another program says so, from then on', async () => {
    vi.useFakeTimers();
    const { binding, channel } = await openChannel({}, withOneCard());
    binding.failures.connect.push(...times(100, BUSY));
    const lost = expect(channel.reset('warm')).rejects.toMatchObject({ code: 'ERR_PCSC_SHARING_VIOLATION' });
    await vi.advanceTimersByTimeAsync(1_100);
    await lost;
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_PCSC_SHARING_VIOLATION' });
    expect(binding.calls).toEqual(['disconnect reset']);
  });

  test('brings no removed card back', async () => {
    const { binding, channel } = await openChannel();
    binding.failures.transmit.push(failure(REMOVED));
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
    await expect(channel.reset('cold')).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
    expect(binding.calls).toEqual([]);
  });
});
