import { describe, expect, test } from 'vitest';
import { card, connect, ended, OK, send, started } from '../test/started-addon.ts';
import { ManualClock } from './clock.ts';
import { MockPcsc } from './mock-pcsc.ts';
import { scardCodes } from './scard.ts';

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
