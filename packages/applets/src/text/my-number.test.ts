import { describe, expect, test } from 'vitest';
import { isLocked, pinOf } from '../../test/cards.ts';
import { textCards } from '../../test/text-cards.ts';
import type { MessagingPin } from './my-number.ts';

const read = textCards();

describe('the 個人番号', () => {
  test('comes with the PIN and prints as nothing', async () => {
    const { text, secrets, anchors, codes } = await read();
    const { myNumber, proof } = await text.myNumber({ secret: { pin: secrets.text() }, trust: anchors });
    expect(myNumber.reveal()).toBe(codes.a);
    expect(proof.status).toBe('verified');
    expect(JSON.stringify({ myNumber })).toBe('{"myNumber":"[個人番号]"}');
  });

  test('comes with 照合番号A, which it is', async () => {
    const { text, secrets, anchors, codes, virtual } = await read();
    const { myNumber } = await text.myNumber({ secret: { numberA: secrets.a() }, trust: anchors });
    expect(myNumber.reveal()).toBe(codes.a);
    expect(virtual.verifyCount).toBe(1);
  });

  test('passes encrypted under secure messaging', async () => {
    const bench = await read();
    const { text, secrets, anchors, codes, log, virtual } = bench;
    const { myNumber, proof } = await text.myNumber({
      secret: { pin: secrets.text() },
      trust: anchors,
      secureMessaging: true,
    });
    expect(myNumber.reveal()).toBe(codes.a);
    expect(proof.status).toBe('verified');
    expect(log.filter(({ command }) => command.startsWith('80AE'))).toHaveLength(1);
    expect(log.some(({ command }) => command.startsWith('08B0'))).toBe(true);
    expect(virtual.verifyCount).toBe(1);
    expect(await isLocked(bench)).toBe(true);
  });

  test('under secure messaging 照合番号A goes out encrypted, after the PIN', async () => {
    const { text, secrets, anchors, codes, log } = await read();
    const { myNumber } = await text.myNumber({
      secret: { numberA: secrets.a() },
      trust: anchors,
      secureMessaging: { pin: secrets.text() },
    });
    expect(myNumber.reveal()).toBe(codes.a);
    const hex = Buffer.from(codes.a).toString('hex').toUpperCase();
    expect(log.some(({ command }) => command.includes(hex))).toBe(false);
    expect(log.filter(({ command }) => /^0820.{4}1386/.test(command))).toEqual([
      { command: expect.any(String), sw: '9000' },
    ]);
  });

  test('a wrong 照合番号A under secure messaging costs one try of A and none of the PIN', async () => {
    const { text, secrets, anchors, virtual } = await read();
    const wrong = text.myNumber({
      secret: { numberA: pinOf('000000000000') },
      trust: anchors,
      secureMessaging: { pin: secrets.text() },
    });
    await expect(wrong).rejects.toMatchObject({
      code: 'ERR_PIN_INCORRECT',
      reference: 'number-a',
      triesLeft: 9,
    });
    expect(await virtual.triesLeft('text')).toBe(3);
  });

  test('照合番号A under secure messaging without the PIN is refused before anything is sent', async () => {
    const { text, secrets, anchors, log } = await read();
    const call = text.myNumber({ secret: { numberA: secrets.a() }, trust: anchors, secureMessaging: true });
    await expect(call).rejects.toMatchObject({ code: 'ERR_PIN_REQUIRED', reference: 'text' });
    expect(log).toEqual([]);
  });

  test('a card without secure messaging is named as such, locked, and nothing goes out in the clear', async () => {
    const bench = await read({ variants: { secureMessaging: '66F1' } });
    const call = bench.text.myNumber({
      secret: { pin: bench.secrets.text() },
      trust: bench.anchors,
      secureMessaging: true,
    });
    await expect(call).rejects.toMatchObject({ code: 'ERR_CARD_STATUS_WORD', sw: 0x66f1 });
    expect(bench.log.some(({ command }) => command === '00A4020C020001')).toBe(false);
    expect(await isLocked(bench)).toBe(true);
  });

  test('consent to the last try of 照合番号A is none to that of the PIN beside it', async () => {
    const bench = await read();
    for (const wrong of ['0000', '0001']) {
      const call = bench.text.attributes({ secret: { pin: pinOf(wrong) }, trust: bench.anchors });
      await expect(call).rejects.toMatchObject({ code: 'ERR_PIN_INCORRECT' });
    }
    const call = (consent: Pick<MessagingPin, 'allowLastTry'>) =>
      bench.text.myNumber({
        secret: { numberA: bench.secrets.a() },
        trust: bench.anchors,
        secureMessaging: { pin: bench.secrets.text(), ...consent },
        allowLastTry: { expected: 1 },
      });
    await expect(call({})).rejects.toMatchObject({ code: 'ERR_PIN_LAST_TRY', reference: 'text' });
    expect(bench.virtual.verifyCount).toBe(2);
    expect((await call({ allowLastTry: { expected: 1 } })).proof.status).toBe('verified');
  });
});
