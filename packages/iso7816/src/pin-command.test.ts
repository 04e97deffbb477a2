import { describe, expect, test } from 'vitest';
import { answering, type FakeChannel } from '../test/fake-channel.ts';
import { Card } from './card.ts';
import type { CardSession } from './card-session.ts';
import { isNeverRepeated } from './command.ts';
import { PinOutcomeUnknownError, PinRepeatedError } from './errors.ts';
import { fromHex } from './hex.ts';
import { Pin } from './pin.ts';
import type { PinChangeForm } from './pin-command.ts';

const PIN_EF = 0x0018;
const pinOf = (text: string) => Pin.fromBytes(Buffer.from(text));
const run = <T>(channel: FakeChannel, work: (session: CardSession) => Promise<T>) =>
  new Card(channel).exclusive(work);

function change(channel: FakeChannel, pin: Pin, form: PinChangeForm): Promise<void> {
  return run(channel, async (session) => {
    await session.selectEf(PIN_EF);
    await session.change(PIN_EF, pin, form);
  });
}

describe('a new PIN', () => {
  test.each([
    ['change-reference-data', '002401800438363432'],
    ['change-key', '803200800438363432'],
  ] as const)('by %s goes out alone, once, and is overwritten', async (form, expected) => {
    const channel = answering('9000', '9000');
    const pin = pinOf('8642');
    await change(channel, pin, form);
    expect(channel.sent.slice(1)).toEqual([expected]);
    expect(pin.used).toBe(true);
    expect(channel.buffers[1]?.every((byte) => byte === 0)).toBe(true);
  });

  test.each(['6A80', '6982', '6700', '63C2'])(
    'that is refused (%s) is an error with that word',
    async (sw) => {
      const channel = answering('9000', sw);
      await expect(change(channel, pinOf('8642'), 'change-key')).rejects.toMatchObject({
        sw: Number.parseInt(sw, 16),
      });
      expect(channel.sent).toHaveLength(2);
    },
  );

  test('whose answer is lost has an unknown outcome, and is not sent again', async () => {
    const channel = answering('9000', new Error('gone'));
    await expect(change(channel, pinOf('8642'), 'change-reference-data')).rejects.toBeInstanceOf(
      PinOutcomeUnknownError,
    );
    expect(channel.sent).toHaveLength(2);
  });

  test('is not sent when its EF is not selected, nor when it is empty', async () => {
    const channel = answering('9000');
    const pin = pinOf('8642');
    const unselected = run(channel, (session) => session.change(PIN_EF, pin, 'change-key'));
    await expect(unselected).rejects.toBeInstanceOf(TypeError);
    await expect(change(channel, pinOf(''), 'change-key')).rejects.toBeInstanceOf(TypeError);
    expect(pin.used).toBe(true);
    expect(channel.sent).toHaveLength(1);
  });

  test('may be one that was wrong before; others that were wrong may be too', async () => {
    const channel = answering('9000', '63C2', '9000', '9000');
    await run(channel, async (session) => {
      await session.selectEf(PIN_EF);
      await expect(session.verify(PIN_EF, pinOf('8642'))).rejects.toMatchObject({ sw: 0x63c2 });
      await expect(session.verify(PIN_EF, pinOf('8642'))).rejects.toBeInstanceOf(PinRepeatedError);
      await session.change(PIN_EF, pinOf('8642'), 'change-reference-data');
      await session.verify(PIN_EF, pinOf('8642'));
    });
    expect(channel.sent).toHaveLength(4);
  });
});

test('a PIN under secure messaging goes out protected, and its plain bytes are overwritten', async () => {
  const channel = answering('9000', '9000');
  let plain: Uint8Array | undefined;
  const protection = {
    cla: 0x08,
    protect: (data: Uint8Array) => {
      plain = data;
      return fromHex('86 02 01 FF');
    },
  };
  await run(channel, async (session) => {
    await session.selectEf(PIN_EF);
    await session.verify(PIN_EF, pinOf('4821'), protection);
  });
  expect(channel.sent[1]).toBe('082000800486' + '0201FF');
  expect(plain).toEqual(new Uint8Array(4));
});

test.each(['80320080', '803300800438363432', '84320080'])('%s is never repeated', (hex) => {
  expect(isNeverRepeated(fromHex(hex))).toBe(true);
});

test('an ISO command of that number is another one', () => {
  expect(isNeverRepeated(fromHex('00320000'))).toBe(false);
});

test('CHANGE KEY is not sent by a caller of its own', async () => {
  const channel = answering('9000');
  const sending = run(channel, (session) =>
    session.transmit({ cla: 0x80, ins: 0x32, p1: 0, p2: 0x80, data: new Uint8Array(4) }),
  );
  await expect(sending).rejects.toBeInstanceOf(TypeError);
  expect(channel.sent).toEqual([]);
});

describe('a copy of a PIN', () => {
  test('is used up by itself', () => {
    const pin = pinOf('4821');
    const copy = pin.copy();
    copy[Symbol.dispose]();
    expect([pin.used, copy.used]).toEqual([false, true]);
    expect(pin.violation({ minLength: 4, maxLength: 4, characters: 'digits' })).toBeUndefined();
  });

  test('cannot be made of a used one', () => {
    const pin = pinOf('4821');
    pin[Symbol.dispose]();
    expect(() => pin.copy()).toThrow(TypeError);
  });
});

test.each([
  ['ABCDEF', 'not-mixed'],
  ['123456', 'not-mixed'],
  ['ABC123', undefined],
  ['AB1', 'too-short'],
])('a mixed format says %s is %s', (text, violation) => {
  const format = { minLength: 6, maxLength: 16, characters: 'upper-alphanumeric', mixed: true } as const;
  expect(pinOf(text).violation(format)).toBe(violation);
});
