import { describe, expect, test, vi } from 'vitest';
import type { ObservedReader } from '../binding.ts';
import type { MiniAddon, MiniClient, MiniSession } from './mini-addon.ts';
import { miniBinding } from './mini-binding.ts';

const PRESENT = 0x0020;
const EMPTY = 0x0010;
const MUTE = 0x0200;
const UNKNOWN = 0x0004;
const ATR = Uint8Array.of(0x3b, 0x00);

const failure = (code: string) => Object.assign(new Error('Async task error'), { code });

/** The addon, scripted: what it reports, and one session that answers with what `transmit` gives. */
class FakeAddon implements MiniAddon {
  readonly outputs: Set<ArrayBuffer> = new Set();
  readonly calls: string[] = [];
  change: (name: string, status: number, atr: Uint8Array) => void = () => undefined;
  fail: (error: unknown) => void = () => undefined;
  starts = 0;
  stops = 0;
  /** What the next calls of `stop` throw. */
  readonly stopFailures: Error[] = [];
  connectFailure: Error | undefined;
  endFailure: Error | undefined;
  transmitted: Promise<Uint8Array> = Promise.resolve(Uint8Array.of(0x90, 0x00));

  newClient(): MiniClient {
    return {
      connect: async (name) => {
        if (name.startsWith('jpki asks')) throw this.connectFailure ?? failure('UnknownReader');
        if (this.connectFailure) throw this.connectFailure;
        return this.session();
      },
      start: (change, fail) => {
        this.starts += 1;
        this.change = change;
        this.fail = fail;
      },
      stop: () => {
        this.stops += 1;
        const refused = this.stopFailures.shift();
        if (refused) throw refused;
      },
    };
  }

  private session(): MiniSession {
    const write = (output: ArrayBuffer, bytes: Uint8Array) => {
      this.outputs.add(output);
      const view = new Uint8Array(output, 0, bytes.length);
      view.set(bytes);
      return view;
    };
    return {
      attributeGet: async (_, output) => write(output, ATR),
      control: async (_, command, output) => write(output, command),
      disconnect: async (disposition) => void this.calls.push(`disconnect ${disposition}`),
      protocol: () => 2,
      reconnect: async () => 1,
      state: async () => ({ readerName: 'A', status: 0x34, protocol: 2, atr: ATR }),
      transaction: async () => {
        this.calls.push('begin');
        return {
          end: async (disposition) => {
            this.calls.push(`end ${disposition}`);
            if (this.endFailure) throw this.endFailure;
          },
        };
      },
      transmit: async (_, __, output) => write(output, await this.transmitted),
    };
  }
}

const bindingOn = (addon: FakeAddon) => miniBinding(() => addon);

describe('the loader of pcsc-mini', () => {
  const messageOf = (load: () => unknown): unknown => {
    try {
      return miniBinding(load);
    } catch (error) {
      return error;
    }
  };

  test.each([
    [
      'an absent package',
      Object.assign(new Error("Cannot find module 'pcsc-mini/build/addon.node.js'\nRequire stack:"), {
        code: 'MODULE_NOT_FOUND',
      }),
      'the PC/SC addon pcsc-mini is not installed',
    ],
    [
      'an absent file for the platform',
      new Error(
        "Required addon dependency not found (@pcsc-mini/x):\nError: Cannot find module '@pcsc-mini/x'\n",
      ),
      'the PC/SC addon pcsc-mini lacks its file for this platform (@pcsc-mini/x)',
    ],
    [
      'an absent library',
      new Error(
        'Required addon dependency not found (@pcsc-mini/x):\nError: libpcsclite.so.1: no such file\n',
      ),
      'the PC/SC addon pcsc-mini cannot be loaded: libpcsclite.so.1: no such file',
    ],
    [
      'another platform',
      new Error('Unsupported platform: sunos-x64'),
      'the PC/SC addon pcsc-mini is not made for this platform (sunos-x64)',
    ],
  ])('says in one line what is wrong with %s', (_, error, message) => {
    const thrown = messageOf(() => {
      throw error;
    });
    expect(thrown).toMatchObject({ code: 'ERR_PCSC_BINDING_MISSING', message });
  });

  test('takes no other module for the addon', () => {
    expect(messageOf(() => ({}))).toMatchObject({ code: 'ERR_PCSC_BINDING_MISSING' });
  });
});

describe('a card of pcsc-mini', () => {
  test('keeps nothing of an answer in the output buffer, which the next connection uses again', async () => {
    const addon = new FakeAddon();
    addon.transmitted = Promise.resolve(Uint8Array.of(1, 2, 0x90, 0x00));
    const binding = bindingOn(addon);
    for (let round = 0; round < 3; round++) {
      const card = await binding.connect('reader', 'exclusive');
      expect(await card.transmit(Uint8Array.of(0))).toEqual(Uint8Array.of(1, 2, 0x90, 0x00));
      await card.disconnect('unpower');
      await card.disconnect('unpower');
    }
    const [output, ...others] = addon.outputs;
    expect(others).toEqual([]);
    expect(new Uint8Array(output ?? new ArrayBuffer(1)).some((byte) => byte !== 0)).toBe(false);
    expect(addon.calls).toEqual(['disconnect 2', 'disconnect 2', 'disconnect 2']);
  });

  test('refuses a second call, and disconnects when the first has returned', async () => {
    const addon = new FakeAddon();
    let answer: (bytes: Uint8Array) => void = () => undefined;
    addon.transmitted = new Promise((resolve) => {
      answer = resolve;
    });
    const card = await bindingOn(addon).connect('reader', 'shared');
    const first = card.transmit(Uint8Array.of(0));
    await expect(card.transmit(Uint8Array.of(0))).rejects.toMatchObject({ scardCode: 0x80100001 });
    const disconnected = card.disconnect('leave');
    expect(addon.calls).toEqual([]);
    answer(Uint8Array.of(0x90, 0x00));
    await first;
    await disconnected;
    expect(addon.calls).toEqual(['disconnect 0']);
  });

  test('ends a transaction whose end had failed before it begins another', async () => {
    const addon = new FakeAddon();
    const card = await bindingOn(addon).connect('reader', 'shared');
    await card.begin?.();
    addon.endFailure = failure('SharingViolation');
    await expect(card.end?.('reset')).rejects.toMatchObject({ scardCode: 0x8010000b });
    addon.endFailure = undefined;
    await card.begin?.();
    expect(addon.calls).toEqual(['begin', 'end 1', 'end 0', 'begin']);
  });

  test('knows its protocol, also after reconnecting, and cannot change to another', async () => {
    const card = await bindingOn(new FakeAddon()).connect('reader', 'shared');
    expect(card.protocol).toBe('T=1');
    await expect(card.reconnect?.('shared', 'reset', 'T=0')).rejects.toMatchObject({ scardCode: 0x8010000f });
    await card.reconnect?.('shared', 'reset');
    expect(card.protocol).toBe('T=0');
  });

  test.each([
    ['NoService', 0x8010001d],
    ['RemovedCard', 0x80100069],
    ['BadCommand', 0x80100017],
    ['TooManyCardConnections', 0x80100006],
  ])('gives %s its code', async (code, scardCode) => {
    const addon = new FakeAddon();
    addon.connectFailure = failure(code);
    await expect(bindingOn(addon).connect('reader', 'shared')).rejects.toMatchObject({
      name: 'ScardFailure',
      scardCode,
      cause: addon.connectFailure,
    });
  });
});

describe('an observation of pcsc-mini', () => {
  const observed = (addon: FakeAddon) => {
    const reports: (readonly ObservedReader[])[] = [];
    const lost: unknown[] = [];
    const observation = bindingOn(addon).observe({
      update: (readers) => reports.push(readers),
      lost: (error) => lost.push(error),
    });
    return { reports, lost, observation };
  };
  const eventually = (check: () => void) => vi.waitFor(check, { timeout: 10_000 });
  const started = (addon: FakeAddon, times = 1) => eventually(() => expect(addon.starts).toBe(times));

  test('reports all readers at once, with the ATR that the service tells', async () => {
    const addon = new FakeAddon();
    const { reports, observation } = observed(addon);
    await started(addon);
    addon.change('A', 0x00010000 | PRESENT, Uint8Array.of(0xff));
    addon.change('B', EMPTY, new Uint8Array());
    addon.change('C', PRESENT | MUTE, new Uint8Array());
    await eventually(() => expect(reports).toHaveLength(1));
    expect(reports[0]).toEqual([
      { name: 'A', cardPresent: true, unresponsive: false, atr: ATR, changes: 1 },
      { name: 'B', cardPresent: false, unresponsive: false, changes: 0 },
      { name: 'C', cardPresent: true, unresponsive: true, changes: 0 },
    ]);
    addon.change('B', UNKNOWN, new Uint8Array());
    expect(reports[1]?.map(({ name }) => name)).toEqual(['A', 'C']);
    await observation.close();
    expect(addon.stops).toBe(1);
  });

  test.each([
    // pcscd has just told its thread of a change, which cannot be cancelled.
    ['InvalidHandle', 3],
    ['NoService', 1],
  ])('whose end is refused with %s is stopped in try %i', async (code, tries) => {
    const addon = new FakeAddon();
    const { reports, observation } = observed(addon);
    await eventually(() => expect(reports).toHaveLength(1));
    addon.stopFailures.push(failure(code), failure(code));
    await observation.close();
    expect(addon.stops).toBe(tries);
  });

  test('reports an empty set where there is no reader', async () => {
    const { reports, observation } = observed(new FakeAddon());
    await eventually(() => expect(reports).toEqual([[]]));
    await observation.close();
  });

  test('watches anew when the addon lost reports, and is lost with the service', async () => {
    const addon = new FakeAddon();
    const { reports, lost, observation } = observed(addon);
    await eventually(() => expect(reports).toHaveLength(1));
    addon.fail(failure('StatusEventBufferOverflow'));
    expect(addon.starts).toBe(2);
    await eventually(() => expect(addon.stops).toBe(1));
    addon.change('A', EMPTY, new Uint8Array());
    await eventually(() => expect(reports.at(-1)).toHaveLength(1));
    addon.fail(failure('ServiceStopped'));
    expect(lost).toMatchObject([{ scardCode: 0x8010001e }]);
    await observation.close();
  });

  test('watches anew when reports of the first set were lost, but not for ever', async () => {
    const addon = new FakeAddon();
    const { reports, lost, observation } = observed(addon);
    await started(addon);
    const overflow = failure('StatusEventBufferOverflow');
    addon.fail(overflow);
    addon.change('A', EMPTY, new Uint8Array());
    await eventually(() => expect(reports).toHaveLength(1));
    expect([reports[0]?.length, addon.starts, lost]).toEqual([1, 2, []]);
    while (lost.length === 0) addon.fail(overflow);
    expect(lost).toEqual([overflow]);
    expect(addon.starts).toBeGreaterThan(10);
    await observation.close();
    await eventually(() => expect(addon.stops).toBe(addon.starts));
  });

  test('is lost when there is no service, without having started', async () => {
    const addon = new FakeAddon();
    addon.connectFailure = failure('NoService');
    const { lost, observation } = observed(addon);
    await eventually(() => expect(lost).toMatchObject([{ scardCode: 0x8010001d }]));
    await observation.close();
    expect(addon.starts).toBe(0);
  });
});
