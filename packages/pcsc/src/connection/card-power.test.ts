import { describe, expect, test } from 'vitest';
import { failure, OK, withStatus } from '../../test/fake-binding.ts';
import { type ConnectOptions, openPcsc } from '../pcsc.ts';

const BUSY = 0x8010000b;
const RESET = 0x80100068;
const UNRESPONSIVE = 0x80100066;

const open = async (options: ConnectOptions, timesOff = 0) => {
  const binding = withStatus();
  binding.timesOff = timesOff;
  const pcsc = await openPcsc({ binding });
  return { binding, pcsc, channel: await pcsc.connect('A', options) };
};

describe('a card whose power another program took', () => {
  test('as it was connected to gets it back', async () => {
    const { binding, channel } = await open({}, 1);
    expect(await channel.transmit(OK)).toEqual(OK);
    expect(binding.calls).toEqual(['reconnect exclusive unpower', 'transmit 9000']);
  });

  test('as it was connected to and shared gets it back in a transaction', async () => {
    const { binding, channel } = await open({ share: 'shared' }, 2);
    expect(await channel.transmit(OK)).toEqual(OK);
    expect(binding.calls).toEqual(['begin', 'reconnect shared unpower', 'end leave', 'transmit 9000']);
  });

  test('and gave back while we waited for its transaction is not reset once more', async () => {
    const { binding } = await open({ share: 'shared' }, 1);
    expect(binding.calls).toEqual(['begin', 'end leave']);
  });

  test('as a transaction began gets it back, inside the transaction', async () => {
    const { binding, channel } = await open({ share: 'shared' });
    binding.timesOff = 1;
    await channel.transaction(() => channel.transmit(OK));
    expect(binding.calls).toEqual(['begin', 'reconnect shared unpower', 'transmit 9000', 'end leave']);
  });

  test.each([
    [BUSY, 'ERR_PCSC_SHARING_VIOLATION', []],
    [UNRESPONSIVE, 'ERR_PCSC_UNRESPONSIVE_CARD', []],
    [RESET, 'done', ['reconnect shared leave', 'begin', 'transmit 9000', 'end leave']],
  ])('and cannot have it back as a transaction began is not kept in it (%i)', async (code, end, after) => {
    const { binding, channel } = await open({ share: 'shared' });
    binding.timesOff = 1;
    binding.failures.reconnect.push(failure(code));
    const ended = channel
      .transaction(() => channel.transmit(OK))
      .then(
        () => 'done',
        (error) => error.code,
      );
    expect(await ended).toBe(end);
    expect(binding.calls).toEqual(['begin', 'reconnect shared unpower', 'end leave', ...after]);
  });

  test('as it was reset gets it back, though we are in a transaction', async () => {
    const { binding, channel } = await open({ share: 'shared' });
    await channel.transaction(async () => {
      binding.failures.transmit.push(failure(RESET));
      await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
      binding.timesOff = 2;
      await channel.recover();
      await channel.transmit(OK);
    });
    expect(binding.calls).toEqual([
      'begin',
      'reconnect shared leave',
      'begin',
      'reconnect shared unpower',
      'end leave',
      'end leave',
      'begin',
      'transmit 9000',
      'end leave',
    ]);
  });

  test('and that does not answer when it gets it back is not connected to', async () => {
    const binding = withStatus();
    binding.timesOff = 1;
    binding.failures.reconnect.push(failure(UNRESPONSIVE));
    const pcsc = await openPcsc({ binding });
    await expect(pcsc.connect('A')).rejects.toMatchObject({ code: 'ERR_PCSC_UNRESPONSIVE_CARD' });
    expect(binding.calls).toEqual(['reconnect exclusive unpower', 'disconnect leave']);
  });
});
