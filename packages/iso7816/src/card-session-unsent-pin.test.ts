import { describe, expect, test } from 'vitest';
import { type Answer, FakeChannel } from '../test/fake-channel.ts';
import { PIN_EF, pinOf, run, SELECT_PIN_EF, VERIFY, verifiesSent, verify } from '../test/pin-session.ts';
import { CardSession } from './card-session.ts';
import { CardResetError } from './errors.ts';
import { fromHex } from './hex.ts';
import { RefusedPins } from './refused-pins.ts';
import { ShortIds } from './short-ids.ts';

describe('a PIN is not sent, but used up,', () => {
  const select = { cla: 0, ins: 0xa4, p1: 0x02, p2: 0x0c, data: fromHex('001B') };
  const situations: [string, Answer, (session: CardSession) => Promise<unknown>][] = [
    ['when nothing is selected', () => '9000', async () => undefined],
    ['when another EF is selected', () => '9000', (s) => s.selectEf(0x001b)],
    ['when its SELECT failed', () => '6A82', (s) => s.selectEf(PIN_EF).catch(() => undefined)],
    [
      'when a second SELECT of it failed',
      (_, index) => (index === 0 ? '9000' : '6A82'),
      async (s) => {
        await s.selectEf(PIN_EF);
        await s.selectEf(PIN_EF).catch(() => undefined);
      },
    ],
    [
      'when another EF was to be selected and is not there',
      (_, index) => (index === 0 ? '9000' : '6A82'),
      async (s) => {
        await s.selectEf(PIN_EF);
        await s.selectEf(0x001b).catch(() => undefined);
      },
    ],
    [
      'when an application was selected since',
      () => '9000',
      async (s) => {
        await s.selectEf(PIN_EF);
        await s.selectDf(fromHex('A0'));
      },
    ],
    [
      'when another application is not there, and the one before has such an EF too',
      (command) => (command.startsWith('00A4040C01A1') ? '6A82' : '9000'),
      async (s) => {
        await s.selectDf(fromHex('A0'));
        await s.selectDf(fromHex('A1')).catch(() => undefined);
        await s.selectEf(PIN_EF);
      },
    ],
    [
      'when another command may have selected something',
      () => '9000',
      async (s) => {
        await s.selectEf(PIN_EF);
        await s.transmit(select);
      },
    ],
    [
      'when a READ BINARY by short identifier may have selected something',
      () => 'AA9000',
      async (s) => {
        await s.selectEf(PIN_EF);
        await s.execute({ cla: 0, ins: 0xb0, p1: 0x8a, p2: 0, le: 4 });
      },
    ],
    [
      'when the card was reset since',
      (_, index) => (index === 1 ? new CardResetError() : '9000'),
      async (s) => {
        await s.selectEf(PIN_EF);
        await s.triesLeft(PIN_EF).catch(() => undefined);
      },
    ],
  ];

  test.each(situations)('%s', async (_, answer, before) => {
    const channel = new FakeChannel(answer);
    const pin = pinOf('4821');
    const verifying = run(channel, async (session) => {
      await before(session);
      await session.verify(PIN_EF, pin);
    });
    await expect(verifying).rejects.toThrow(TypeError);
    expect(channel.sent).not.toContain(VERIFY);
    expect(pin.used).toBe(true);
  });

  test('when the signal was aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const channel = new FakeChannel(() => {
      controller.abort(reason);
      return '9000';
    });
    const pin = pinOf('4821');
    await expect(verify(channel, pin, controller.signal)).rejects.toBe(reason);
    expect(channel.sent).toEqual([SELECT_PIN_EF]);
    expect(pin.used).toBe(true);
  });

  test('when the session has ended', async () => {
    const channel = new FakeChannel(() => '9000');
    const session = new CardSession(
      channel,
      { extendedLe: false, shortIds: new ShortIds(false), refusedPins: new RefusedPins() },
      undefined,
    );
    const pin = pinOf('4821');
    await session.selectEf(PIN_EF);
    await session.end();
    await expect(session.verify(PIN_EF, pin)).rejects.toThrow(TypeError);
    expect(channel.sent).toEqual([SELECT_PIN_EF]);
    expect(pin.used).toBe(true);
  });

  test('while another command is under way', async () => {
    const channel = new FakeChannel(async () => '63C3');
    const pin = pinOf('4821');
    await run(channel, async (session) => {
      const other = session.transmit({ cla: 0, ins: 0xca, p1: 0, p2: 0 });
      await expect(session.verify(PIN_EF, pin)).rejects.toThrow(TypeError);
      await other;
    });
    expect(verifiesSent(channel)).toBe(0);
    expect(pin.used).toBe(true);
  });
});
