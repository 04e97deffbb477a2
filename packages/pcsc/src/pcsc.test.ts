import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type BindingCapabilities,
  type BindingCard,
  type Disposition,
  type ObservedReader,
  type PcscBinding,
  type ReaderObservation,
  type ReaderObserver,
  ScardFailure,
  type ShareMode,
} from './binding.ts';
import { openPcsc } from './pcsc.ts';
import type { ReaderEvent } from './reader-events.ts';

const OK = Uint8Array.of(0x90, 0x00);

const reader = (name: string, changes = 0, atr?: Uint8Array): ObservedReader => ({
  name,
  cardPresent: atr !== undefined,
  unresponsive: false,
  changes,
  ...(atr && { atr }),
});

/** A binding whose readers, cards and failures are set by the test. */
class FakeBinding implements PcscBinding {
  readonly name = 'fake';
  readonly capabilities: BindingCapabilities = {
    transactions: false,
    workerThreads: true,
    reconnect: false,
    control: false,
    attributes: false,
    maxReaders: 16,
  };
  /** Errors that the next calls throw, oldest first. */
  readonly failures: { observe: Error[]; connect: Error[]; transmit: Error[] } = {
    observe: [],
    connect: [],
    transmit: [],
  };
  readonly shares: ShareMode[] = [];
  readonly dispositions: Disposition[] = [];
  observations = 0;
  answer: () => Promise<Uint8Array> = async () => OK;
  beforeConnected: Promise<unknown> = Promise.resolve();
  #readers: readonly ObservedReader[];
  #observer: ReaderObserver | undefined;

  constructor(...readers: readonly ObservedReader[]) {
    this.#readers = readers;
  }

  observe(observer: ReaderObserver): ReaderObservation {
    throwNext(this.failures.observe);
    this.observations++;
    this.#observer = observer;
    queueMicrotask(() => observer.update(this.#readers));
    return {
      close: async () => {
        this.observations--;
        this.#observer = undefined;
      },
    };
  }

  show(...readers: readonly ObservedReader[]): void {
    this.#readers = readers;
    this.#observer?.update(readers);
  }

  lose(scardCode: number): void {
    this.#observer?.lost(new ScardFailure(scardCode, 'SCardGetStatusChange'));
  }

  async connect(_: string, share: ShareMode): Promise<BindingCard> {
    this.shares.push(share);
    throwNext(this.failures.connect);
    await this.beforeConnected;
    return {
      protocol: 'T=1',
      transmit: () => {
        throwNext(this.failures.transmit);
        return this.answer();
      },
      disconnect: async (disposition) => {
        this.dispositions.push(disposition);
      },
    };
  }
}

function throwNext(failures: Error[]): void {
  const failure = failures.shift();
  if (failure) throw failure;
}

const failure = (scardCode: number) => new ScardFailure(scardCode, 'SCardCall');
const times = (count: number, scardCode: number) => Array.from({ length: count }, () => failure(scardCode));

const ATR = Uint8Array.of(0x3b, 0x00);
const withOneCard = () => new FakeBinding(reader('A', 1, ATR), reader('B'));

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
    const binding = new FakeBinding(reader('A'));
    const pcsc = await openPcsc({ binding });
    const connected = pcsc.connect('A');
    await vi.advanceTimersByTimeAsync(200);
    binding.show(reader('A', 1, ATR));
    await vi.advanceTimersByTimeAsync(20);
    expect((await connected).atr).toEqual(ATR);
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
    binding.failures.connect.push(failure(scardCode));
    await expect(pcsc.connect('A')).rejects.toMatchObject({ name: 'PcscError', code, remedy, scardCode });
  });
});

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

describe('watch', () => {
  const watching = async (binding: FakeBinding) => {
    const pcsc = await openPcsc({ binding });
    const events: ReaderEvent[] = [];
    const done = (async () => {
      for await (const event of pcsc.watch()) events.push(event);
    })();
    const told = async (count: number) => {
      await vi.waitFor(() => expect(events.length).toBeGreaterThanOrEqual(count));
      return events.splice(0);
    };
    const end = async () => {
      await pcsc.close();
      await done;
    };
    return { told, end };
  };

  test('tells readers and cards that come and go', async () => {
    const binding = new FakeBinding(reader('A'));
    const { told, end } = await watching(binding);
    expect(await told(1)).toEqual([
      { type: 'reader-added', reader: { name: 'A', cardPresent: false, unresponsive: false } },
    ]);
    binding.show(reader('A', 1, ATR));
    expect(await told(1)).toEqual([{ type: 'card-inserted', readerName: 'A', atr: ATR }]);
    binding.show(reader('A', 2));
    expect(await told(1)).toEqual([{ type: 'card-removed', readerName: 'A' }]);
    binding.show();
    expect(await told(1)).toEqual([{ type: 'reader-removed', readerName: 'A' }]);
    await end();
  });

  test('sees a card that was swapped between two looks', async () => {
    const binding = new FakeBinding(reader('A', 1, ATR));
    const { told, end } = await watching(binding);
    await told(2);
    binding.show(reader('A', 3, ATR));
    expect(await told(2)).toEqual([
      { type: 'card-removed', readerName: 'A' },
      { type: 'card-inserted', readerName: 'A', atr: ATR },
    ]);
    await end();
  });

  test('says nothing where nothing changed', async () => {
    const binding = new FakeBinding(reader('A', 1, ATR));
    const { told, end } = await watching(binding);
    await told(2);
    binding.show(reader('A', 1, ATR));
    binding.show(reader('A', 1, ATR), reader('B'));
    expect(await told(1)).toEqual([
      { type: 'reader-added', reader: { name: 'B', cardPresent: false, unresponsive: false } },
    ]);
    await end();
  });

  test('goes on after the service was away', async () => {
    const binding = new FakeBinding(reader('A'));
    const { told, end } = await watching(binding);
    await told(1);
    binding.failures.observe.push(...times(4, 0x8010001d));
    binding.lose(0x80100013);
    expect(await told(2)).toEqual([{ type: 'reader-removed', readerName: 'A' }, { type: 'service-stopped' }]);
    await vi.waitFor(() => expect(binding.observations).toBe(1), { timeout: 5_000 });
    expect((await told(2)).map(({ type }) => type)).toEqual(['service-started', 'reader-added']);
    await end();
  });
});
