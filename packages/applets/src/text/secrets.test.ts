import type { Pin } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { LOCK, pinOf } from '../../test/cards.ts';
import { textCards } from '../../test/text-cards.ts';
import type { PinRequest } from '../pin-source.ts';

const read = textCards();

describe('what opens the 基本4情報', () => {
  test.each([
    ['pin', '12345'],
    ['pin', '１２３４'],
    ['numberB', '6006152036432'],
  ])('a %s that cannot be right (%s) is not sent', async (kind, digits) => {
    const { text, anchors, log } = await read();
    const pin = pinOf(digits);
    const secret = kind === 'pin' ? { pin } : { numberB: pin };
    await expect(text.attributes({ secret, trust: anchors })).rejects.toMatchObject({
      code: 'ERR_PIN_FORMAT',
    });
    expect(log).toEqual([]);
    expect(pin.used).toBe(true);
  });

  test('a wrong PIN costs one try; the person is told how many are left', async () => {
    const bench = await read();
    const call = bench.text.attributes({ secret: { pin: pinOf('0000') }, trust: bench.anchors });
    await expect(call).rejects.toMatchObject({ code: 'ERR_PIN_INCORRECT', reference: 'text', triesLeft: 2 });
    expect(bench.virtual.verifyCount).toBe(1);
    expect(bench.log.at(-1)?.command).toBe(LOCK);
  });

  test('a wrong 照合番号B leaves nine tries', async () => {
    const { text, anchors } = await read();
    const call = text.attributes({ secret: { numberB: pinOf('00000000000000') }, trust: anchors });
    await expect(call).rejects.toMatchObject({ reference: 'number-b', triesLeft: 9 });
  });

  test('the last try is not spent without consent', async () => {
    const bench = await read();
    for (const wrong of ['0000', '0001']) {
      const call = bench.text.attributes({ secret: { pin: pinOf(wrong) }, trust: bench.anchors });
      await expect(call).rejects.toMatchObject({ code: 'ERR_PIN_INCORRECT' });
    }
    const call = (allowLastTry?: { expected: number }) =>
      bench.text.attributes({
        secret: { pin: bench.secrets.text() },
        trust: bench.anchors,
        ...(allowLastTry && { allowLastTry }),
      });
    await expect(call()).rejects.toMatchObject({ code: 'ERR_PIN_LAST_TRY', triesLeft: 1 });
    expect(bench.virtual.verifyCount).toBe(2);
    expect((await call({ expected: 1 })).proof.status).toBe('verified');
  });

  test('a person is asked with the counter, while the card is free', async () => {
    const { text, secrets, anchors, card } = await read();
    const requests: PinRequest[] = [];
    const ask = async (request: PinRequest): Promise<Pin> => {
      requests.push(request);
      await card.exclusive(async () => undefined);
      return secrets.text();
    };
    await text.attributes({ secret: { pin: ask }, trust: anchors });
    expect(requests).toMatchObject([{ reference: 'text', triesLeft: 3, maxTries: 3 }]);
  });

  test('a blocked card is told before anybody types', async () => {
    const { text, anchors } = await read({ persona: 'blocked' });
    const ask = () => Promise.reject(new Error('nobody is asked'));
    await expect(text.attributes({ secret: { pin: ask }, trust: anchors })).rejects.toMatchObject({
      code: 'ERR_PIN_BLOCKED',
    });
  });
});
