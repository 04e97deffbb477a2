import { describe, expect, test } from 'vitest';
import { answering } from '../test/fake-channel.ts';
import { ResettableChannel } from '../test/resettable-channel.ts';
import { Card } from './card.ts';
import type { CardSession } from './card-session.ts';
import { CardResetError, StatusWordError } from './errors.ts';
import { fromHex, toHex } from './hex.ts';
import { type PinPad, PinPadError, type PinPadRequest } from './pin-pad.ts';

const FOUR_DIGITS = { minLength: 4, maxLength: 4, characters: 'digits' } as const;

class Pad implements PinPad {
  readonly requests: PinPadRequest[] = [];
  readonly #answer: string | Error;

  constructor(answer: string | Error) {
    this.#answer = answer;
  }

  async enter(request: PinPadRequest): Promise<Uint8Array> {
    this.requests.push(request);
    if (this.#answer instanceof Error) throw this.#answer;
    return fromHex(this.#answer);
  }
}

const withEf = <T>(work: (session: CardSession) => Promise<T>, channel = answering('9000', '9000', '9000')) =>
  new Card(channel).exclusive(async (session) => {
    await session.selectEf(0x0018);
    return work(session);
  });

describe('a PIN typed on a keypad', () => {
  test('is asked for with a command that holds none, for the selected EF', async () => {
    const pad = new Pad('9000');
    await withEf((session) => session.verifyOnPad(0x0018, pad, FOUR_DIGITS));
    expect(pad.requests.map(({ header }) => toHex(header))).toEqual(['00200080']);
    expect(pad.requests[0]?.format).toBe(FOUR_DIGITS);
  });

  test('can be a new one, in either form', async () => {
    const pad = new Pad('9000');
    await withEf(async (session) => {
      await session.changeOnPad(0x0018, pad, { format: FOUR_DIGITS, form: 'change-reference-data' });
      await session.changeOnPad(0x0018, pad, { format: FOUR_DIGITS, form: 'change-key' });
    });
    expect(pad.requests.map(({ header }) => toHex(header))).toEqual(['00240180', '80320080']);
  });

  test('that the card refuses is a status word error, and not asked for again', async () => {
    const pad = new Pad('63C2');
    await expect(withEf((session) => session.verifyOnPad(0x0018, pad, FOUR_DIGITS))).rejects.toThrow(
      StatusWordError,
    );
    expect(pad.requests).toHaveLength(1);
  });

  test('that was not sent is told as the keypad tells it', async () => {
    const error = new PinPadError('cancelled', 'the person cancelled');
    const entering = withEf((session) => session.verifyOnPad(0x0018, new Pad(error), FOUR_DIGITS));
    await expect(entering).rejects.toBe(error);
    expect(error).toMatchObject({ code: 'ERR_PIN_PAD_CANCELLED', remedy: 'reenter-pin' });
  });

  test('whose answer was lost has an unknown outcome', async () => {
    for (const lost of [new Error('no answer'), '90']) {
      const entering = withEf((session) => session.verifyOnPad(0x0018, new Pad(lost), FOUR_DIGITS));
      await expect(entering).rejects.toMatchObject({ code: 'ERR_PIN_OUTCOME_UNKNOWN' });
    }
  });

  test('needs its EF selected', async () => {
    const pad = new Pad('9000');
    await expect(withEf((session) => session.verifyOnPad(0x001b, pad, FOUR_DIGITS))).rejects.toThrow(
      TypeError,
    );
    expect(pad.requests).toEqual([]);
  });

  test('is lost to a reset, and not asked for again', async () => {
    const pad = new Pad(new CardResetError());
    const channel = new ResettableChannel(() => '9000');
    await withEf(async (session) => {
      await expect(session.verifyOnPad(0x0018, pad, FOUR_DIGITS)).rejects.toMatchObject({
        code: 'ERR_PIN_OUTCOME_UNKNOWN',
      });
      await expect(session.selectEf(0x0017)).rejects.toThrow(CardResetError);
    }, channel);
    expect([pad.requests.length, channel.recoveries]).toEqual([1, 1]);
  });
});
