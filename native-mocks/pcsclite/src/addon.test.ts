import { describe, expect, test } from 'vitest';
import { card, connect, ended, OK, send, started } from '../test/started-addon.ts';
import { settled } from './clock.ts';
import { MockPcsc } from './mock-pcsc.ts';

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
