import { afterEach, describe, expect, test, vi } from 'vitest';
import { failure, OK, reader, withEverything, withOneCard } from '../../test/fake-binding.ts';
import { openPcsc } from '../pcsc.ts';

afterEach(() => vi.useRealTimers());

describe('a channel', () => {
  const open = async (binding = withOneCard()) => {
    const pcsc = await openPcsc({ binding });
    return { binding, pcsc, channel: await pcsc.connect('A') };
  };

  test.each([0, 1])(
    'takes an answer of %i bytes for a removed card, whatever the service says',
    async (length) => {
      const { binding, channel } = await open();
      binding.answer = async () => new Uint8Array(length);
      await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
    },
  );

  test.each([
    [0x80100069, 'ERR_CARD_REMOVED'],
    [0x80100068, 'ERR_CARD_RESET'],
    [0x80100016, 'ERR_PCSC_COMMUNICATION'],
    [0x80100003, 'ERR_PCSC_NO_SERVICE'],
  ])('turns %i into %s and sends nothing after it', async (scardCode, code) => {
    const { binding, channel } = await open();
    const answer = vi.fn(async () => OK);
    binding.answer = answer;
    binding.failures.transmit.push(failure(scardCode));
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code });
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code });
    expect(answer).not.toHaveBeenCalled();
  });

  test('takes a failed exchange for a removed card where the reader says that none is in it', async () => {
    vi.useFakeTimers();
    const { binding, channel } = await open();
    binding.failures.transmit.push(failure(0x80100016));
    const gone = expect(channel.transmit(OK)).rejects.toMatchObject({
      code: 'ERR_CARD_REMOVED',
      cause: { scardCode: 0x80100016 },
    });
    await vi.advanceTimersByTimeAsync(20);
    binding.show(reader('A', 2), reader('B'));
    await vi.advanceTimersByTimeAsync(20);
    await gone;
  });

  test('gives a silent card up after its time, and can be closed all the same', async () => {
    vi.useFakeTimers();
    const binding = withOneCard();
    const pcsc = await openPcsc({ binding });
    const channel = await pcsc.connect('A', { transmitTimeout: 1_000 });
    binding.answer = () => new Promise(() => undefined);
    const late = expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_PCSC_TIMEOUT' });
    await vi.advanceTimersByTimeAsync(1_000);
    await late;
    await pcsc.close();
  });

  test('is closed in a few seconds even if the service never answers', async () => {
    vi.useFakeTimers();
    const { binding, pcsc } = await open();
    binding.beforeDisconnected = new Promise(() => undefined);
    const closed = pcsc.close();
    await vi.advanceTimersByTimeAsync(3_000);
    await closed;
    expect(binding.dispositions).toEqual(['unpower']);
  });

  test('is closed with everything else, once', async () => {
    const { binding, pcsc, channel } = await open();
    await pcsc.close();
    await channel[Symbol.asyncDispose]();
    await pcsc.close();
    expect(binding.dispositions).toEqual(['unpower']);
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_PCSC_CLOSED', readerName: 'A' });
    await expect(pcsc.connect('A')).rejects.toMatchObject({ code: 'ERR_PCSC_CLOSED' });
  });
});

describe('a reader', () => {
  const open = async (binding = withEverything()) => {
    const pcsc = await openPcsc({ binding });
    return { binding, channel: await pcsc.connect('A') };
  };

  test('is told something, and answers', async () => {
    const { binding, channel } = await open();
    const seen: unknown[] = [];
    binding.control = async (code, input) => {
      seen.push(code, input);
      return Uint8Array.of(1, 2);
    };
    expect(await channel.control(0x4200_0001, Uint8Array.of(7))).toEqual(Uint8Array.of(1, 2));
    expect(seen).toEqual([0x4200_0001, Uint8Array.of(7)]);
  });

  test('has attributes, by name and by number', async () => {
    const { binding, channel } = await open();
    binding.attributes = new Map([[0x0001_0100, Uint8Array.of(0x41)]]);
    expect(await channel.attribute('vendorName')).toEqual(Uint8Array.of(0x41));
    expect(await channel.attribute(0x0001_0100)).toEqual(Uint8Array.of(0x41));
  });

  test('has its name, also where the service finds no room for it', async () => {
    const { binding, channel } = await open();
    const name = Uint8Array.of(0x41, 0x00);
    for (const attribute of ['friendlyName', 'systemName'] as const) {
      binding.failures.attribute.push(failure(0x80100008));
      expect(await channel.attribute(attribute)).toEqual(name);
    }
    binding.failures.attribute.push(failure(0x80100008));
    await expect(channel.attribute('vendorName')).rejects.toMatchObject({ scardCode: 0x80100008 });
  });

  test('that does not know what it is asked stays as usable as before', async () => {
    const { binding, channel } = await open();
    await expect(channel.attribute('channelId')).rejects.toMatchObject({ code: 'ERR_PCSC_UNSUPPORTED' });
    for (const code of [0x8010001f, 0x80100016, 0x80100014]) {
      binding.failures.control.push(failure(code));
      await expect(channel.control(1)).rejects.toMatchObject({ scardCode: code });
    }
    expect(await channel.transmit(OK)).toEqual(OK);
  });

  test('that is gone is gone for all calls', async () => {
    const { binding, channel } = await open();
    binding.failures.control.push(failure(0x80100069));
    await expect(channel.control(1)).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
    await expect(channel.transmit(OK)).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
    await expect(channel.attribute('atr')).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
  });

  test('cannot be reached by a binding without the means, which is named', async () => {
    const { binding, channel } = await open(withOneCard());
    const error = {
      code: 'ERR_PCSC_UNSUPPORTED',
      message: expect.stringMatching(/"fake".*socket.*pcsc-mini/),
    };
    await expect(channel.control(1)).rejects.toMatchObject(error);
    await expect(channel.attribute('atr')).rejects.toMatchObject(error);
    await expect(channel.features()).rejects.toMatchObject(error);
    expect(binding.calls).toEqual([]);
  });

  test('that never answers is given up', async () => {
    vi.useFakeTimers();
    const { binding, channel } = await open();
    binding.control = () => new Promise(() => undefined);
    const late = expect(channel.control(1, OK, { timeout: 500 })).rejects.toMatchObject({
      code: 'ERR_PCSC_TIMEOUT',
    });
    await vi.advanceTimersByTimeAsync(500);
    await late;
  });
});
