import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  ATR,
  FakeBinding,
  failure,
  OK,
  reader,
  times,
  withEverything,
  withOneCard,
} from '../test/fake-binding.ts';
import { openPcsc, Pcsc } from './pcsc.ts';

afterEach(() => vi.useRealTimers());

describe('readers', () => {
  test('are told as states, the ATR only of a card that is there', async () => {
    const pcsc = await openPcsc({ binding: withOneCard() });
    expect(await pcsc.readers()).toEqual([
      { name: 'A', cardPresent: true, unresponsive: false, atr: ATR },
      { name: 'B', cardPresent: false, unresponsive: false },
    ]);
    await pcsc.close();
  });

  test('are watched once, however often they are asked for, and not at all after close', async () => {
    const binding = withOneCard();
    const pcsc = await openPcsc({ binding });
    await Promise.all([pcsc.readers(), pcsc.readers()]);
    await pcsc.readers();
    expect(binding.observations).toBe(1);
    await pcsc.close();
    expect(binding.observations).toBe(0);
  });

  test('wait out a service that is just being restarted, in a fresh context', async () => {
    vi.useFakeTimers();
    const binding = withOneCard();
    const pcsc = await openPcsc({ binding });
    binding.failures.observe.push(failure(0x8010001d), failure(0x80100013));
    const asked = pcsc.readers();
    await vi.advanceTimersByTimeAsync(50 + 100);
    expect(await asked).toHaveLength(2);
  });

  test('are refused as ERR_PCSC_NO_SERVICE when the service stays away, and work when it is back', async () => {
    vi.useFakeTimers();
    const binding = withOneCard();
    const pcsc = await openPcsc({ binding });
    binding.failures.observe.push(...times(4, 0x8010001d));
    const refused = expect(pcsc.readers()).rejects.toMatchObject({
      code: 'ERR_PCSC_NO_SERVICE',
      remedy: 'start-service',
      scardCode: 0x8010001d,
    });
    await vi.advanceTimersByTimeAsync(350);
    await refused;
    expect(await pcsc.readers()).toHaveLength(2);
  });

  test('do not retry what no restart would mend', async () => {
    const binding = withOneCard();
    const pcsc = await openPcsc({ binding });
    binding.failures.observe.push(failure(0x8010006a));
    await expect(pcsc.readers()).rejects.toMatchObject({ code: 'ERR_PCSC_NO_ACCESS' });
  });

  test('are given up after the time limit, and at once on abort', async () => {
    vi.useFakeTimers();
    const binding = withOneCard();
    binding.observe = () => ({ close: async () => undefined });
    const pcsc = await openPcsc({ binding });
    const late = expect(pcsc.readers({ timeout: 300 })).rejects.toMatchObject({
      code: 'ERR_PCSC_TIMEOUT',
      message: 'the PC/SC service did not answer within 300 ms',
    });
    await vi.advanceTimersByTimeAsync(300);
    await late;
    const controller = new AbortController();
    const reason = new Error('enough');
    const aborted = expect(pcsc.readers({ signal: controller.signal })).rejects.toBe(reason);
    controller.abort(reason);
    await aborted;
  });
});

describe('connect', () => {
  test('is exclusive and takes the power away at the end, unless told otherwise', async () => {
    const binding = withOneCard();
    const pcsc = await openPcsc({ binding });
    await (await pcsc.connect('A'))[Symbol.asyncDispose]();
    await (await pcsc.connect('A', { share: 'shared', disposition: 'leave' }))[Symbol.asyncDispose]();
    expect(binding.shares).toEqual(['exclusive', 'shared']);
    expect(binding.dispositions).toEqual(['unpower', 'leave']);
  });

  test('waits one second for another program, then names the reader', async () => {
    vi.useFakeTimers();
    const binding = withOneCard();
    const pcsc = await openPcsc({ binding });
    binding.failures.connect.push(...times(5, 0x8010000b));
    const connected = pcsc.connect('A');
    await vi.advanceTimersByTimeAsync(500);
    expect((await connected).atr).toEqual(ATR);

    binding.failures.connect.push(...times(100, 0x8010000b));
    const refused = expect(pcsc.connect('A')).rejects.toMatchObject({
      code: 'ERR_PCSC_SHARING_VIOLATION',
      readerName: 'A',
      message: 'another program is using the card (reader "A")',
    });
    await vi.advanceTimersByTimeAsync(1_100);
    await refused;
  });

  test('that comes too late is disconnected again', async () => {
    vi.useFakeTimers();
    const binding = withOneCard();
    const pcsc = await openPcsc({ binding });
    let finish: (value?: unknown) => void = () => undefined;
    binding.beforeConnected = new Promise((resolve) => {
      finish = resolve;
    });
    const late = expect(pcsc.connect('A', { timeout: 300 })).rejects.toMatchObject({
      code: 'ERR_PCSC_TIMEOUT',
    });
    await vi.advanceTimersByTimeAsync(300);
    await late;
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(binding.dispositions).toEqual(['unpower']);
  });

  test('waits for the report of a card that has only just been inserted, for its ATR', async () => {
    vi.useFakeTimers();
    const binding = new FakeBinding([reader('A')]);
    const pcsc = await openPcsc({ binding });
    const connected = pcsc.connect('A');
    await vi.advanceTimersByTimeAsync(200);
    binding.show(reader('A', 1, ATR));
    await vi.advanceTimersByTimeAsync(20);
    expect((await connected).atr).toEqual(ATR);
  });

  test('shares the card after a second where exclusive use cannot be had and transactions can', async () => {
    vi.useFakeTimers();
    const binding = withEverything();
    const pcsc = await openPcsc({ binding });
    binding.failures.connect.push(...times(11, 0x8010000b));
    const connected = pcsc.connect('A');
    await vi.advanceTimersByTimeAsync(1_100);
    expect((await connected).share).toBe('shared');
    expect(binding.shares).toEqual([...Array(11).fill('exclusive'), 'shared']);
  });

  test('shares by another binding where the usual one has no transactions', async () => {
    vi.useFakeTimers();
    const [usual, sharing] = [withOneCard(), withEverything()];
    const pcsc = new Pcsc(usual, sharing);
    expect((await pcsc.connect('A')).share).toBe('exclusive');
    usual.failures.connect.push(...times(11, 0x8010000b));
    const connected = pcsc.connect('A');
    await vi.advanceTimersByTimeAsync(1_100);
    await (await connected).transaction(async () => undefined);
    await (await pcsc.connect('A', { share: 'shared' })).transaction(async () => undefined);
    expect(usual.shares).not.toContain('shared');
    expect([sharing.shares, sharing.calls]).toEqual([
      ['shared', 'shared'],
      ['begin', 'end leave', 'begin', 'end leave'],
    ]);
  });

  test('shares nothing where exclusive use was asked for', async () => {
    vi.useFakeTimers();
    const binding = withEverything();
    const pcsc = await openPcsc({ binding });
    binding.failures.connect.push(...times(100, 0x8010000b));
    const refused = expect(pcsc.connect('A', { share: 'exclusive' })).rejects.toMatchObject({
      code: 'ERR_PCSC_SHARING_VIOLATION',
      safeToRetry: true,
    });
    await vi.advanceTimersByTimeAsync(1_100);
    await refused;
    expect(binding.shares).not.toContain('shared');
  });

  test('names the reader when the other program keeps it exclusively', async () => {
    vi.useFakeTimers();
    const binding = withEverything();
    const pcsc = await openPcsc({ binding });
    binding.failures.connect.push(...times(100, 0x8010000b));
    const refused = expect(pcsc.connect('A')).rejects.toMatchObject({ readerName: 'A' });
    await vi.advanceTimersByTimeAsync(1_100);
    await refused;
    expect(binding.shares.at(-1)).toBe('shared');
  });

  test('passes on the protocol that was asked for, and tells what it became', async () => {
    const binding = withOneCard();
    const pcsc = await openPcsc({ binding });
    const channel = await pcsc.connect('A', { protocol: 'T=1' });
    expect(binding.protocols).toEqual(['T=1']);
    expect([channel.protocol, channel.share, channel.readerName]).toEqual(['T=1', 'exclusive', 'A']);
  });

  test('goes directly to a reader without a card, to which no command can be sent', async () => {
    const binding = withOneCard();
    const pcsc = await openPcsc({ binding });
    const channel = await pcsc.connect('B', { share: 'direct' });
    expect([channel.atr, channel.protocol, channel.share]).toEqual([new Uint8Array(), undefined, 'direct']);
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_PCSC_UNSUPPORTED' });
    expect(binding.calls).toEqual([]);
  });

  test.each([
    [0x8010000c, 'ERR_PCSC_NO_CARD', 'insert-card'],
    [0x80100009, 'ERR_PCSC_NO_READER', 'connect-reader'],
    [0x80100066, 'ERR_PCSC_UNRESPONSIVE_CARD', 'reinsert-card'],
    [0x8010000f, 'ERR_PCSC_PROTOCOL', 'reinsert-card'],
    [0x801fffff, 'ERR_PCSC_INTERNAL', 'retry'],
  ])('turns %i into %s', async (scardCode, code, remedy) => {
    const binding = withOneCard();
    const pcsc = await openPcsc({ binding });
    binding.failures.connect.push(...times(4, scardCode));
    await expect(pcsc.connect('A')).rejects.toMatchObject({ name: 'PcscError', code, remedy, scardCode });
  });
});
