import { CardResetError } from '@jpki/iso7816';
import { ManualClock, MockPcsc, type MockReader, type PlatformName, scardCodes } from '@jpki/mock-pcsclite';
import {
  openPcsc,
  type Pcsc,
  type PcscBinding,
  pcscliteBinding,
  type ReaderEvent,
  ScardFailure,
} from '@jpki/pcsc';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '../src/scripted-card.ts';

const OK = Uint8Array.of(0x90, 0x00);
const SELECT = Uint8Array.of(0x00, 0xa4, 0x04, 0x00);
const VERIFY = Uint8Array.of(0x00, 0x20, 0x00, 0x80, 4, 0x30, 0x31, 0x32, 0x33);

/** Longer than the addon waits between two looks for readers where it has to look. */
const A_SECOND = 1_000;

const WAYS: Readonly<Record<string, (mock: MockPcsc) => PcscBinding>> = {
  'the addon': (mock) => pcscliteBinding(() => mock.addon),
  'a binding with transactions': (mock) => mock.fullBinding(ScardFailure),
};

const variants = (['linux', 'windows', 'macos'] as const).flatMap((platform) =>
  Object.keys(WAYS).map((way) => [platform, way] as const),
);

// Windows and macOS are known here by their descriptions only; see the README of the mock.
describe.each(variants)('the PC/SC layer as on %s, through %s', (platform: PlatformName, way) => {
  const isWindows = platform === 'windows';
  let clock: ManualClock;
  let mock: MockPcsc;
  let pcsc: Pcsc;
  let a: MockReader;
  let b: MockReader;
  let commands: Uint8Array[];
  let onCommand: () => void;

  const card = () => ({
    atr: Uint8Array.of(0x3b, 0x80, 0x01, 0x81),
    transmit: async (command: Uint8Array) => {
      commands.push(command);
      onCommand();
      return OK;
    },
  });

  beforeEach(async () => {
    clock = new ManualClock();
    mock = new MockPcsc({ profile: platform, clock });
    a = mock.addReader('A');
    b = mock.addReader('B');
    a.insert(card());
    commands = [];
    onCommand = () => undefined;
    const binding = WAYS[way] ?? expect.fail(`there is no way called ${way}`);
    // The addon behaves as its system does, and what is made on top of it asks which one that is.
    const system = { linux: 'linux', windows: 'win32', macos: 'darwin' } as const;
    const asked = vi.spyOn(process, 'platform', 'get').mockReturnValue(system[platform]);
    const chosen = binding(mock);
    asked.mockRestore();
    pcsc = await openPcsc({ binding: chosen });
  });
  afterEach(async () => {
    await pcsc.close();
    expect(mock.traps.filter(({ kind }) => kind === 'deadlock')).toEqual([]);
  });

  /** Lets the world catch up: a second passes, and all that follows from it. */
  const later = () => clock.advance(A_SECOND);
  const names = async () => (await pcsc.readers()).map(({ name }) => name);

  /** Everything that a watch tells until the test ends. */
  const watching = () => {
    const seen: string[] = [];
    const name = (event: ReaderEvent) => {
      if ('reader' in event) return ` ${event.reader.name}`;
      return 'readerName' in event ? ` ${event.readerName}` : '';
    };
    void (async () => {
      for await (const event of pcsc.watch()) seen.push(`${event.type}${name(event)}`);
    })();
    return seen;
  };

  test('takes "no card" for a removal where a driver says it in the middle of a command', async () => {
    await using channel = await pcsc.connect('A');
    mock.fail('SCardTransmit', { code: scardCodes.NO_SMARTCARD, carriedOut: true });
    await expect(channel.transmit(VERIFY)).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
    expect(commands).toHaveLength(1);
  });

  test('lists readers and their cards', async () => {
    expect(await pcsc.readers()).toMatchObject([
      { name: 'A', cardPresent: true },
      { name: 'B', cardPresent: false },
    ]);
  });

  test('tells of cards and readers that come and go', async () => {
    const seen = watching();
    await eventually(() => seen.length === 3);
    a.remove();
    await eventually(() => seen.length === 4);
    b.insert(card());
    await eventually(() => seen.length === 5);
    b.unplug();
    await later();
    await eventually(() => seen.includes('reader-removed B'));
    mock.addReader('B');
    await later();
    await eventually(() => seen.at(-1) === 'reader-added B');
    expect(seen).toEqual([
      ...['reader-added A', 'card-inserted A', 'reader-added B'],
      ...['card-removed A', 'card-inserted B'],
      ...['card-removed B', 'reader-removed B', 'reader-added B'],
    ]);
  });

  test('sees a card that was swapped between two looks, where the platform counts', async () => {
    const seen = watching();
    await eventually(() => seen.length === 3);
    a.remove();
    a.insert(card());
    await later();
    const swap = platform === 'macos' ? [] : ['card-removed A', 'card-inserted A'];
    await eventually(() => seen.length >= 3 + swap.length);
    expect(seen.slice(3)).toEqual(swap);
  });

  test('connects, sends every command once, and takes the power at the end', async () => {
    const channel = await pcsc.connect('A');
    expect(await channel.transmit(VERIFY)).toEqual(OK);
    await channel[Symbol.asyncDispose]();
    expect(commands).toEqual([VERIFY]);
    const calls = mock.calls.filter(({ call }) => call === 'SCardDisconnect');
    expect(calls).toMatchObject([{ reader: 'A', disposition: 2, result: 0 }]);
  });

  test('a card removed in a command is a removed card, and nothing is sent again', async () => {
    const channel = await pcsc.connect('A');
    onCommand = () => a.remove();
    // macOS passes on what the driver says, that the exchange failed; the state of the reader tells why.
    const gone = { code: 'ERR_CARD_REMOVED' };
    await expect(channel.transmit(VERIFY)).rejects.toMatchObject(gone);
    await expect(channel.transmit(VERIFY)).rejects.toMatchObject(gone);
    expect(commands).toHaveLength(1);
    await channel[Symbol.asyncDispose]();
  });

  test('a card removed and put back is not used through the old connection', async () => {
    const channel = await pcsc.connect('A');
    a.remove();
    a.insert(card());
    await later();
    // A removed card on Linux and Windows; macOS speaks of a reset.
    await expect(channel.transmit(SELECT)).rejects.toMatchObject({
      name: expect.stringMatching(/^Card(Removed|Reset)Error$/),
    });
    await channel[Symbol.asyncDispose]();
    const again = await pcsc.connect('A');
    expect(await again.transmit(SELECT)).toEqual(OK);
    await again[Symbol.asyncDispose]();
  });

  test('a reader pulled off ends its connection with a type, and the others go on', async () => {
    b.insert(card());
    const channel = await pcsc.connect('A');
    a.unplug();
    await later();
    await expect(channel.transmit(VERIFY)).rejects.toMatchObject({
      code: isWindows ? 'ERR_PCSC_NO_SERVICE' : 'ERR_PCSC_NO_READER',
    });
    await channel[Symbol.asyncDispose]();
    expect(await names()).toEqual(['B']);
    const other = await pcsc.connect('B');
    expect(await other.transmit(SELECT)).toEqual(OK);
    await other[Symbol.asyncDispose]();
    expect(commands).toEqual([SELECT]);
  });

  test('the last reader pulled off and plugged in again is found again', async () => {
    b.unplug();
    await later();
    const seen = watching();
    await eventually(() => seen.length >= 2);
    a.unplug();
    await later();
    await eventually(() => seen.includes('reader-removed A'));
    mock.addReader('A').insert(card());
    await later();
    await eventually(() => seen.filter((event) => event === 'card-inserted A').length === 2);
    expect(seen.includes('service-stopped')).toBe(isWindows);
    const channel = await pcsc.connect('A');
    expect(await channel.transmit(SELECT)).toEqual(OK);
    await channel[Symbol.asyncDispose]();
  });

  test('without any reader there are none, also where the service went with the last one', async () => {
    b.unplug();
    a.unplug();
    await later();
    expect(await names()).toEqual([]);
    await expect(pcsc.connect('A')).rejects.toMatchObject({ code: 'ERR_PCSC_NO_READER' });
  });

  test('a reset by another program is a reset card, and a new connection works', async () => {
    const channel = await pcsc.connect('A', { share: 'shared' });
    const other = mock.otherProgram();
    await other.connect('A');
    await other.disconnect(1);
    await expect(channel.transmit(VERIFY)).rejects.toBeInstanceOf(CardResetError);
    expect(commands).toEqual([]);
    await channel[Symbol.asyncDispose]();
    const again = await pcsc.connect('A');
    expect(await again.transmit(VERIFY)).toEqual(OK);
    await again[Symbol.asyncDispose]();
  });

  test('a program that keeps the card is named as a sharing violation', async () => {
    const other = mock.otherProgram();
    await other.connect('A', 'exclusive');
    await expect(pcsc.connect('A')).rejects.toMatchObject({ code: 'ERR_PCSC_SHARING_VIOLATION' });
    await other.disconnect();
    await (await pcsc.connect('A'))[Symbol.asyncDispose]();
  });

  test('a direct connection beside an exclusive one is possible on macOS alone', async () => {
    const other = mock.otherProgram();
    await other.connect('A', 'exclusive');
    const direct = pcsc.connect('A', { share: 'direct' });
    if (platform === 'macos') await (await direct)[Symbol.asyncDispose]();
    else await expect(direct).rejects.toMatchObject({ code: 'ERR_PCSC_SHARING_VIOLATION' });
    await other.disconnect();
  });

  test('a direct connection beside a shared one is refused on Windows alone', async () => {
    const other = mock.otherProgram();
    await other.connect('A', 'shared');
    const direct = pcsc.connect('A', { share: 'direct' });
    if (isWindows) await expect(direct).rejects.toMatchObject({ code: 'ERR_PCSC_SHARING_VIOLATION' });
    else await (await direct)[Symbol.asyncDispose]();
    await other.disconnect();
  });

  test('a transaction that is idle for five seconds loses the card on Windows alone', async () => {
    const channel = await pcsc.connect('A', { share: 'shared' });
    const idle = channel.transaction?.(async () => {
      await channel.transmit(SELECT);
      await clock.advance(4_999);
      await channel.transmit(SELECT);
      await clock.advance(5_000);
      return channel.transmit(VERIFY);
    });
    if (idle === undefined || !pcsc.binding.capabilities.transactions) {
      await idle?.catch(() => undefined);
    } else if (isWindows) {
      await expect(idle).rejects.toBeInstanceOf(CardResetError);
      expect(commands).toEqual([SELECT, SELECT]);
    } else {
      expect(await idle).toEqual(OK);
    }
    await channel[Symbol.asyncDispose]();
  });

  test('a command waits for the transaction of another program, and is sent once', async () => {
    const channel = await pcsc.connect('A', { share: 'shared' });
    const other = mock.otherProgram();
    await other.connect('A');
    await other.begin();
    const waiting = channel.transmit(SELECT);
    await clock.advance(3_000);
    expect(commands).toEqual([]);
    await other.end();
    expect(await waiting).toEqual(OK);
    expect(commands).toEqual([SELECT]);
    await channel[Symbol.asyncDispose]();
  });

  test('a program killed in its transaction leaves a reset card', async () => {
    const channel = await pcsc.connect('A', { share: 'shared' });
    const other = mock.otherProgram();
    await other.connect('A');
    await other.begin();
    await other.kill();
    await expect(channel.transmit(VERIFY)).rejects.toBeInstanceOf(CardResetError);
    await channel[Symbol.asyncDispose]();
  });

  test('a service that stops and starts is told, and reached again', async () => {
    const seen = watching();
    await eventually(() => seen.length === 3);
    const channel = await pcsc.connect('A');
    mock.stopService();
    await expect(channel.transmit(VERIFY)).rejects.toMatchObject({ code: 'ERR_PCSC_NO_SERVICE' });
    await channel[Symbol.asyncDispose]();
    await later();
    await eventually(() => seen.includes('service-stopped'));
    mock.startService();
    await later();
    await eventually(() => seen.includes('service-started'));
    await eventually(() => seen.filter((event) => event === 'card-inserted A').length === 2);
    expect(commands).toEqual([]);
    await (await pcsc.connect('A'))[Symbol.asyncDispose]();
  });
});
