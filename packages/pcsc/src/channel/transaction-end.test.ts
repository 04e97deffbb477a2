import { afterEach, describe, expect, test, vi } from 'vitest';
import { failure, OK, withEverything } from '../../test/fake-binding.ts';
import { type ConnectOptions, openPcsc } from '../pcsc.ts';
import type { PcscChannel } from './pcsc-channel.ts';

const REMOVED = 0x80100069;
const RESET = 0x80100068;
const COMMUNICATION = 0x8010002f;

const open = async (options: ConnectOptions = {}) => {
  const binding = withEverything();
  const pcsc = await openPcsc({ binding });
  const channel = await pcsc.connect('A', { share: 'shared', transmitTimeout: 1_000, ...options });
  return { binding, channel };
};

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error) => error.code,
  );

const never = () => new Promise<never>(() => undefined);

afterEach(() => vi.useRealTimers());

describe('the end of a transaction', () => {
  test.each([
    ['a command', (channel: PcscChannel) => channel.transmit(OK)],
    ['a keypad', (channel: PcscChannel) => channel.control(1, OK)],
  ])('is not waited for behind %s that never answers, and nobody gets the card as it is', async (_, call) => {
    vi.useFakeTimers();
    const { binding, channel } = await open();
    binding.answer = never;
    binding.control = never;
    // One thing after the other, as pcscd does it.
    binding.beforeEnded = never();
    binding.beforeDisconnected = never();
    const code = codeOf(channel.transaction(() => call(channel)));
    await vi.advanceTimersByTimeAsync(1_250);
    expect(await code).toBe('ERR_PCSC_TIMEOUT');
    await channel[Symbol.asyncDispose]();
    expect(binding.calls.slice(2)).toEqual(['end unpower', 'disconnect leave']);
  });

  test('takes the power of a card whose link failed: it could not be locked', async () => {
    const { binding, channel } = await open();
    binding.failures.transmit.push(failure(COMMUNICATION));
    const code = codeOf(channel.transaction(() => channel.transmit(OK)));
    expect(await code).toBe('ERR_PCSC_COMMUNICATION');
    await channel[Symbol.asyncDispose]();
    expect(binding.calls).toEqual(['begin', 'end unpower', 'disconnect leave']);
  });

  test('takes it with the disconnection where the transaction could not be ended', async () => {
    const { binding, channel } = await open();
    binding.failures.transmit.push(failure(REMOVED));
    binding.failures.end.push(failure(REMOVED));
    expect(await codeOf(channel.transaction(() => channel.transmit(OK)))).toBe('ERR_CARD_REMOVED');
    await channel[Symbol.asyncDispose]();
    expect(binding.calls).toEqual(['begin', 'end unpower', 'disconnect unpower']);
  });

  test('leaves it to the disconnection behind a reset that was given up', async () => {
    vi.useFakeTimers();
    const { binding, channel } = await open({ transactionTimeout: 1_000 });
    binding.beforeReconnected = never();
    const code = codeOf(channel.transaction(() => channel.reset('cold')));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await code).toBe('ERR_PCSC_SHARING_VIOLATION');
    await channel[Symbol.asyncDispose]();
    expect(binding.calls).toEqual(['begin', 'reconnect shared unpower', 'disconnect unpower']);
  });

  test('leaves the card alone where that was asked for, or where the link is in order', async () => {
    const left = await open({ disposition: 'leave' });
    left.binding.failures.transmit.push(failure(COMMUNICATION));
    await codeOf(left.channel.transaction(() => left.channel.transmit(OK)));
    expect(left.binding.calls).toEqual(['begin', 'end leave']);
    const sound = await open();
    sound.binding.failures.transmit.push(failure(RESET));
    await codeOf(sound.channel.transaction(() => sound.channel.transmit(OK)));
    await sound.channel.transaction(() => sound.channel.transmit(OK));
    expect(sound.binding.calls).not.toContain('end unpower');
  });
});
