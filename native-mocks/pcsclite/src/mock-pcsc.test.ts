import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { AddonContext } from './addon-context.ts';
import type { AddonReader } from './addon-reader.ts';
import { ManualClock, settled } from './clock.ts';
import { MockPcsc, type MockPcscOptions } from './mock-pcsc.ts';
import { scardCodes } from './scard.ts';
import { AddonTrapError } from './traps.ts';

const OK = Uint8Array.of(0x90, 0x00);
const card = (answer: () => Promise<Uint8Array> = async () => OK) => ({
  atr: Uint8Array.of(0x3b, 0x00),
  transmit: answer,
});

/** A mock with a card in its one reader, and the addon on it after its first reports. */
async function started(options: MockPcscOptions = {}, inserted = card()) {
  const mock = new MockPcsc(options);
  const slot = mock.addReader('R');
  slot.insert(inserted);
  const context = mock.addon();
  const errors: unknown[] = [];
  const statuses: number[] = [];
  context.on('error', (error) => errors.push(error));
  context.on('reader', (reader: AddonReader) => {
    reader.on('error', (error) => errors.push(error));
    reader.on('status', ({ state }) => statuses.push(state));
  });
  await settled();
  const [reader] = Object.values(context.readers);
  if (!reader) throw new Error('the addon has no reader');
  return { mock, slot, context, reader, errors, statuses };
}

const called = <T>(start: (done: (error: unknown, value?: unknown) => void) => T) =>
  new Promise<unknown>((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value)));
  });

const connect = (reader: AddonReader) => called((done) => reader.connect({ share_mode: 2 }, done));
const send = (reader: AddonReader, command: Uint8Array, room = 258) =>
  called((done) => reader.transmit(Buffer.from(command), room, 2, done));

async function ended(context: AddonContext): Promise<void> {
  for (const reader of Object.values(context.readers)) reader.close();
  context.close();
  await settled();
}

describe('the addon of the mock', () => {
  test('throws where there is no service, with the code in its text', () => {
    const mock = new MockPcsc();
    mock.stopService();
    expect(() => mock.addon()).toThrow('SCardEstablishContext error: No service.(0x8010001d)');
  });

  test('reports readers, states with their count of events, and the end of a reader', async () => {
    const { slot, context, reader, statuses } = await started();
    slot.remove();
    await settled();
    expect(statuses).toEqual([0x0001_0022, 0x0002_0012]);
    let gone = false;
    reader.on('end', () => {
      gone = true;
    });
    slot.unplug();
    await settled();
    expect(gone).toBe(true);
    expect(context.readers).toEqual({});
    await ended(context);
  });

  test('emits an error at its close, as the real one does', async () => {
    const { context, errors } = await started();
    await ended(context);
    expect(errors).toMatchObject([{ message: 'SCardGetStatusChange error: Cancelled.(0x80100002)' }]);
  });

  test('has the constants of the real one on its readers, and its control codes', async () => {
    const { context, reader } = await started();
    expect(reader).toMatchObject({
      SCARD_SHARE_EXCLUSIVE: 1,
      SCARD_STATE_PRESENT: 0x20,
      SCARD_EJECT_CARD: 3,
    });
    expect(reader.SCARD_CTL_CODE(3400)).toBe(0x42000d48);
    const other = await started({ profile: 'windows' });
    expect(other.reader.SCARD_CTL_CODE(3400)).toBe(0x313520);
    await ended(context);
    await ended(other.context);
  });

  test('calls back with nothing where it is connected already, and throws for arguments of a wrong kind', async () => {
    const { context, reader } = await started();
    expect(await connect(reader)).toBe(2);
    expect(await connect(reader)).toBeUndefined();
    expect(() => reader.transmit(Buffer.of(0), 258, Number.NaN, () => undefined)).toThrow(
      'Third argument must be an integer',
    );
    await ended(context);
  });

  test('loses an answer that is longer than its room', async () => {
    const { context, reader } = await started(
      {},
      card(async () => new Uint8Array(300)),
    );
    await connect(reader);
    await expect(send(reader, OK)).rejects.toThrow('(0x80100008)');
    expect(await send(reader, OK, 300)).toHaveLength(300);
    await ended(context);
  });

  test.each([
    ['linux', 'success'],
    ['windows', '\r\n(0x80100069)'],
    ['macos', '(0x80100016)'],
  ] as const)('a card removed during a command on %s: %j', async (profile, expected) => {
    const world = await started(
      { profile },
      card(async () => {
        world.slot.remove();
        return OK;
      }),
    );
    await connect(world.reader);
    const answer = await send(world.reader, OK).then(
      (value) => (Buffer.isBuffer(value) && value.length === 0 ? 'success' : 'bytes'),
      (error: Error) => error.message,
    );
    expect(answer.endsWith(expected)).toBe(true);
    await ended(world.context);
  });
});

describe('a trap of the addon', () => {
  test('close in a listener of the same reader throws instead of waiting for itself', async () => {
    const { mock, slot, context, reader } = await started();
    let caught: unknown;
    reader.on('status', () => {
      try {
        reader.close();
      } catch (error) {
        caught = error;
      }
    });
    slot.remove();
    await settled();
    expect(caught).toBeInstanceOf(AddonTrapError);
    expect(mock.traps).toMatchObject([{ kind: 'deadlock' }]);
    await ended(context);
  });

  test('close of a context before its first list throws', async () => {
    const mock = new MockPcsc();
    const context = mock.addon();
    context.on('error', () => undefined);
    await new Promise<void>((resolve) => process.nextTick(resolve));
    expect(() => context.close()).toThrow(AddonTrapError);
    await settled();
    context.close();
    await settled();
  });

  test('a reader object that is collected without a question for its status is noted', async () => {
    const { mock, context, reader } = await started();
    Reflect.construct(reader.constructor, ['R']);
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    for (let round = 0; round < 20 && mock.traps.length === 0; round++) {
      if (typeof collect === 'function') collect();
      await settled();
    }
    expect(mock.traps).toMatchObject([{ kind: 'crash' }]);
    await ended(context);
  });

  test('a status while the own card computes is noted as a stopped event loop, and comes late', async () => {
    let answer: (value: Uint8Array) => void = () => undefined;
    const slow = card(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const { mock, slot, context, reader, statuses } = await started({}, slow);
    await connect(reader);
    await settled();
    const before = statuses.length;
    const sent = send(reader, OK);
    await settled();
    slot.remove();
    await settled();
    expect(statuses).toHaveLength(before);
    answer(OK);
    await sent;
    await settled();
    expect(statuses.length).toBeGreaterThan(before);
    expect(mock.traps).toMatchObject([{ kind: 'blocked' }]);
    await ended(context);
  });
});

describe('a fault', () => {
  test('fails the calls it was planned for, once, from the nth on, for one reader, or always', async () => {
    const { mock, context, reader } = await started();
    await connect(reader);
    const outcomes = async (count: number) => {
      const seen: string[] = [];
      for (let index = 0; index < count; index++) {
        seen.push(
          await send(reader, OK).then(
            () => 'ok',
            () => 'failed',
          ),
        );
      }
      return seen;
    };
    mock.fail('SCardTransmit', { code: scardCodes.NOT_TRANSACTED });
    expect(await outcomes(2)).toEqual(['failed', 'ok']);
    mock.fail('SCardTransmit', { code: scardCodes.NOT_TRANSACTED, nth: 2, times: 2 });
    expect(await outcomes(4)).toEqual(['ok', 'failed', 'failed', 'ok']);
    mock.fail('SCardTransmit', { code: scardCodes.NOT_TRANSACTED, reader: 'another' });
    expect(await outcomes(1)).toEqual(['ok']);
    const undo = mock.fail('SCardTransmit', {
      code: scardCodes.NOT_TRANSACTED,
      times: Number.POSITIVE_INFINITY,
    });
    expect(await outcomes(3)).toEqual(['failed', 'failed', 'failed']);
    undo();
    expect(await outcomes(1)).toEqual(['ok']);
    await ended(context);
  });

  test('can come late, and can lose the answer of a call that was carried out', async () => {
    const clock = new ManualClock();
    let count = 0;
    const counting = card(async () => {
      count++;
      return OK;
    });
    const { mock, context, reader } = await started({ clock }, counting);
    await connect(reader);
    mock.fail('SCardTransmit', { code: scardCodes.COMM_ERROR, delay: 700, carriedOut: true });
    const sent = expect(send(reader, OK)).rejects.toThrow('(0x80100013)');
    await clock.advance(699);
    expect(count).toBe(0);
    await clock.advance(1);
    await sent;
    expect(count).toBe(1);
    await ended(context);
  });

  test('cannot delay a constructor', () => {
    expect(() => new MockPcsc().fail('SCardEstablishContext', { delay: 1 })).toThrow(RangeError);
  });
});

test('no PIN is in the recorded calls, whatever the instruction that carries it', async () => {
  const { mock, context, reader } = await started();
  await connect(reader);
  mock.clearCalls();
  for (const ins of [0x20, 0x24, 0x2d, 0x32, 0xa4]) {
    await send(reader, Uint8Array.of(0x00, ins, 0, 0x80, 4, 0x39, 0x38, 0x37, 0x36));
  }
  const commands = mock.calls.filter(({ call }) => call === 'SCardTransmit').map(({ command }) => command);
  expect(commands).toEqual([
    '00200080{5 bytes}',
    '00240080{5 bytes}',
    '002d0080{5 bytes}',
    '00320080{5 bytes}',
    '00a400800439383736',
  ]);
  await ended(context);
});
