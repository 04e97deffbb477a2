import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { type ObservedReader, ScardFailure } from '../binding.ts';
import { failureFrom, loadPcscliteAddon } from './pcsclite-addon.ts';
import { pcscliteBinding } from './pcsclite-binding.ts';

const log: string[] = [];
let connectError: string | undefined;

/** The addon's reader, as far as these tests go; it answers in the way of the real one. */
class AddonReader extends EventEmitter {
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
    log.push(`new ${name}`);
  }

  get_status(callback: (error: unknown, state: number) => void): void {
    setImmediate(() => callback(undefined, 0x12));
  }

  close(): void {
    log.push(`close ${this.name}`);
  }

  connect(
    options: { share_mode: number; protocol: number },
    done: (error: unknown, value?: number) => void,
  ): void {
    log.push(`connect ${options.share_mode} ${options.protocol}`);
    setImmediate(() => (connectError ? done(new Error(connectError)) : done(null, 2)));
  }

  disconnect(disposition: number, done: (error: unknown) => void): void {
    log.push(`disconnect ${disposition}`);
    setImmediate(() => done(null));
  }

  transmit(
    command: Buffer,
    length: number,
    protocol: number,
    done: (error: unknown, answer: Buffer) => void,
  ): void {
    log.push(`transmit ${command.toString('hex')} ${length} ${protocol}`);
    setImmediate(() => done(null, Buffer.of(0x90, 0x00)));
  }

  control(input: Buffer, code: number, length: number, done: (error: unknown, answer: Buffer) => void): void {
    // The addon reads the buffer later, in another thread, and keeps no reference to it.
    setImmediate(() => {
      log.push(`control ${code.toString(16)} ${input.toString('hex')} ${length}`);
      done(null, Buffer.of(0x01, 0x02));
    });
  }
}

/** The addon's context: it starts itself on the next tick, and lists its readers in the callback of `start`. */
class AddonContext extends EventEmitter {
  readonly readers: readonly AddonReader[];
  inListener = false;

  constructor(names: readonly string[]) {
    super();
    this.readers = names.map((name) => new AddonReader(name));
    process.nextTick(() => {
      this.start(() => {
        for (const reader of this.readers) this.emit('reader', reader);
      });
    });
  }

  start(callback: (error: unknown, names: unknown) => void): void {
    setImmediate(() => callback(undefined, ''));
  }

  close(): void {
    if (this.inListener) throw new Error('the real addon would wait for itself here, for ever');
    log.push('close context');
    // Without a listener this would end the process.
    this.emit('error', new Error('SCardGetStatusChange error: Command cancelled.(0x80100002)'));
  }

  status(index: number, status: { state: number; atr?: Buffer }): void {
    this.inListener = true;
    this.readers[index]?.emit('status', status);
    this.inListener = false;
  }
}

const start = (...names: string[]) => {
  log.length = 0;
  connectError = undefined;
  const context = new AddonContext(names);
  log.length = 0;
  const updates: (readonly ObservedReader[])[] = [];
  const lost: unknown[] = [];
  const binding = pcscliteBinding(() => () => context);
  const observation = binding.observe({
    update: (readers) => updates.push(readers),
    lost: (error) => lost.push(error),
  });
  const listed = async () => {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { binding, context, observation, updates, lost, listed };
};

describe('an observation', () => {
  test('reports an empty list at once, although the addon has no event for it', async () => {
    const { observation, updates, listed } = start();
    await listed();
    expect(updates).toEqual([[]]);
    await observation.close();
  });

  test('reports first when every reader has told its state', async () => {
    const { context, observation, updates, listed } = start('A', 'B');
    await listed();
    context.status(0, { state: 0x0003_0122, atr: Buffer.of(0x3b, 0x00) });
    expect(updates).toEqual([]);
    context.status(1, { state: 0x0000_0012, atr: Buffer.alloc(0) });
    expect(updates).toEqual([
      [
        { name: 'A', cardPresent: true, unresponsive: false, atr: Uint8Array.of(0x3b, 0x00), changes: 3 },
        { name: 'B', cardPresent: false, unresponsive: false, changes: 0 },
      ],
    ]);
    await observation.close();
  });

  test('closes readers and context outside their listeners, and swallows the error of closing', async () => {
    const { context, observation, lost, listed } = start('A');
    await listed();
    let closing: Promise<void> | undefined;
    context.readers[0]?.on('status', () => {
      closing = observation.close();
    });
    context.status(0, { state: 0x12 });
    expect(log).toEqual([]);
    await closing;
    expect(log).toEqual(['close A', 'close context']);
    expect(lost).toEqual([]);
  });

  test('ends when the service goes away, and can still be closed', async () => {
    const { context, observation, updates, lost, listed } = start('A');
    await listed();
    context.status(0, { state: 0x12 });
    context.readers[0]?.emit(
      'error',
      new Error('SCardGetStatusChange error: RPC transport error.(0x80100013)'),
    );
    context.emit('error', new Error('SCardGetStatusChange error: RPC transport error.(0x80100013)'));
    expect(lost).toMatchObject([{ name: 'ScardFailure', scardCode: 0x80100013 }]);
    const count = updates.length;
    context.status(0, { state: 0x12 });
    expect(updates).toHaveLength(count);
    await observation.close();
    expect(log).toContain('close context');
  });

  test('that is closed before its first report waits for it, since the addon would not end', async () => {
    const { context, observation, updates, listed } = start('A');
    const closing = observation.close();
    await listed();
    expect(log).toEqual([]);
    context.status(0, { state: 0x12 });
    await closing;
    expect(log).toEqual(['close A', 'close context']);
    expect(updates).toEqual([]);
  });

  test('turns the error of a service that is not there into a failure with a code', () => {
    const binding = pcscliteBinding(() => () => {
      throw new Error('SCardEstablishContext error: Service not available.(0x8010001d)');
    });
    const observe = () => binding.observe({ update: () => undefined, lost: () => undefined });
    expect(observe).toThrow(ScardFailure);
  });
});

describe('a connection', () => {
  test('has an object of its own, says share mode and disposition, and reuses the object', async () => {
    const { binding, observation, context, listed } = start('A');
    await listed();
    context.status(0, { state: 0x122 });
    for (const disposition of ['unpower', 'leave'] as const) {
      const card = await binding.connect('A', 'exclusive');
      expect(await card.transmit(Uint8Array.of(0, 0xb0))).toEqual(Uint8Array.of(0x90, 0x00));
      await card.disconnect(disposition);
    }
    expect(log).toEqual([
      'new A',
      ...['connect 1 3', 'transmit 00b0 65538 2', 'disconnect 2'],
      ...['connect 1 3', 'transmit 00b0 65538 2', 'disconnect 0'],
    ]);
    await observation.close();
  });

  test('asks for the protocol that is wanted, and for none when it is direct', async () => {
    const { binding, observation, context, listed } = start('A');
    await listed();
    context.status(0, { state: 0x122 });
    for (const [share, protocol] of [
      ['exclusive', 'T=0'],
      ['shared', 'T=1'],
      ['direct', undefined],
    ] as const) {
      await (await binding.connect('A', share, protocol)).disconnect('leave');
    }
    expect(log.filter((line) => line.startsWith('connect'))).toEqual([
      'connect 1 1',
      'connect 2 2',
      'connect 3 0',
    ]);
    await observation.close();
  });

  test('tells the reader something, from a buffer that is its own until the answer', async () => {
    const { binding, observation, context, listed } = start('A');
    await listed();
    context.status(0, { state: 0x122 });
    const card = await binding.connect('A', 'shared');
    const input = Uint8Array.of(7, 8);
    const answer = card.control?.(0x4233_0006, input);
    input.fill(0);
    expect(await answer).toEqual(Uint8Array.of(1, 2));
    expect(log.at(-1)).toBe('control 42330006 0708 65548');
    await card.disconnect('leave');
    await observation.close();
  });

  test('from before a restart of the service is replaced by a new one', async () => {
    const { binding, observation, context, listed } = start('A');
    await listed();
    context.status(0, { state: 0x122 });
    await (await binding.connect('A', 'shared')).disconnect('unpower');
    log.length = 0;
    connectError = 'SCardConnect error: Invalid handle.(0x80100003)';
    await expect(binding.connect('A', 'shared')).rejects.toMatchObject({ scardCode: 0x80100003 });
    expect(log).toEqual(['connect 2 3', 'new A', 'connect 2 3']);
    await observation.close();
  });

  test('is refused where there is no reader to make it from', async () => {
    const { binding, observation } = start();
    await expect(binding.connect('A', 'shared')).rejects.toMatchObject({ scardCode: 0x8010002e });
    await observation.close();
  });
});

describe('the errors of the addon', () => {
  test.each([
    ['SCardConnect error: Sharing violation.(0x8010000b)', 0x8010000b],
    ['SCardTransmit error: Karte\nentfernt.(0x80100069)', 0x80100069],
    ['SCardConnect error: sign-extended (0xffffffff8010000B)', 0x8010000b],
  ])('carry their code in the text: %j', (text, scardCode) => {
    expect(failureFrom(new Error(text))).toMatchObject({ name: 'ScardFailure', scardCode });
  });

  test('come through as they are without a code', () => {
    const error = new Error('Card Reader not connected');
    expect(failureFrom(error)).toBe(error);
  });
});

test('an addon that cannot be loaded is a typed error of one line', () => {
  const load = () => {
    throw new Error('Could not locate the bindings file. Tried:\n → a\n → b');
  };
  expect(() => loadPcscliteAddon(load)).toThrow(
    expect.objectContaining({
      code: 'ERR_PCSC_BINDING_MISSING',
      remedy: 'install-driver',
      message: expect.stringMatching(/^the PC\/SC addon pcsclite is not compiled[^\n]*$/),
    }),
  );
});
