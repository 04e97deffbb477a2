import { describe, expect, test } from 'vitest';
import { failure, OK, times, withEverything, withOneCard, withStatus } from '../../test/fake-binding.ts';
import { openPcsc } from '../pcsc.ts';

const UNPOWERED = 0x80100067;
const BUSY = 0x8010000b;
const PROTOCOL_MISMATCH = 0x8010000f;

describe('a card that the service takes for one without power', () => {
  test.each([
    ['in a transaction', withEverything, ['begin', 'end reset', 'disconnect leave']],
    ['by a disconnection where there are none', withOneCard, ['disconnect reset']],
  ])('is reset through its reader %s, and then connected to', async (_, made, calls) => {
    const binding = made();
    binding.failures.connect.push(failure(UNPOWERED));
    const channel = await (await openPcsc({ binding })).connect('A');
    expect(binding.shares).toEqual(['exclusive', 'direct', 'exclusive']);
    expect(binding.calls).toEqual(calls);
    expect(await channel.transmit(OK)).toEqual(OK);
  });

  test.each([
    ['is reset where it has none still', 1, 'end reset'],
    ['is left alone where another program was quicker', 0, 'end leave'],
  ])('%s, once the transaction began', async (_, timesOff, end) => {
    const binding = withStatus();
    binding.failures.connect.push(failure(UNPOWERED));
    binding.timesOff = timesOff;
    await (await openPcsc({ binding })).connect('A');
    expect(binding.calls).toEqual(['begin', end, 'disconnect leave']);
  });

  test('is connected to as soon as it has power again, though the reader is taken', async () => {
    const binding = withEverything();
    binding.failures.connect.push(failure(UNPOWERED), failure(BUSY), failure(UNPOWERED));
    await (await openPcsc({ binding })).connect('A', { share: 'shared' });
    expect(binding.shares).toEqual(['shared', 'direct', 'shared', 'direct', 'shared']);
    expect(binding.calls).toEqual(['begin', 'end reset', 'disconnect leave']);
  });

  test('that cannot be powered up is reported as such after three tries', async () => {
    const binding = withEverything();
    binding.failures.connect.push(...times(7, UNPOWERED));
    await expect((await openPcsc({ binding })).connect('A')).rejects.toMatchObject({
      code: 'ERR_PCSC_UNPOWERED_CARD',
      readerName: 'A',
    });
    expect(binding.failures.connect).toEqual([]);
    expect(binding.calls).toEqual([]);
  });
});

describe('a card that the service has no protocol for', () => {
  test('is connected to once the program that reset it is done', async () => {
    const binding = withEverything();
    binding.failures.connect.push(...times(3, PROTOCOL_MISMATCH));
    const channel = await (await openPcsc({ binding })).connect('A');
    expect(binding.shares).toEqual(Array(4).fill('exclusive'));
    expect(await channel.transmit(OK)).toEqual(OK);
    expect(binding.calls).toEqual(['transmit 9000']);
  });

  test('is reported as such after three repetitions', async () => {
    const binding = withEverything();
    binding.failures.connect.push(...times(4, PROTOCOL_MISMATCH));
    await expect((await openPcsc({ binding })).connect('A')).rejects.toMatchObject({
      code: 'ERR_PCSC_PROTOCOL',
    });
    expect(binding.failures.connect).toEqual([]);
  });
});
