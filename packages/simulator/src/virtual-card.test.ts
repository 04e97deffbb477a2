import { CardRemovedError, fromHex, toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { cardMaker, SELECT_JPKI, VERIFY_AUTH } from '../test/card-at-hand.ts';
import { personaNamed, personas } from './personas/index.ts';

const makeCard = await cardMaker();
const WRONG_AUTH = '00200098 04 30303030';

describe('the virtual card', () => {
  test('has the answer to reset of the contact card', async () => {
    const { card } = await makeCard();
    expect(toHex(card.atr)).toBe('3BE000FF8131FE4514');
  });

  test('refuses a second command while one is running', async () => {
    const { card } = await makeCard();
    const first = card.transmit(fromHex(SELECT_JPKI));
    await expect(card.transmit(fromHex(SELECT_JPKI))).rejects.toThrow(TypeError);
    expect(toHex(await first)).toBe('9000');
  });

  test('answers nothing without power and after it was closed', async () => {
    const { card, send } = await makeCard();
    card.powerOff();
    await expect(send(SELECT_JPKI)).rejects.toMatchObject({ code: 'ERR_SIM_NO_POWER' });
    card.powerOn();
    expect(await send(SELECT_JPKI)).toBe('9000');
    await card[Symbol.asyncDispose]();
    await card[Symbol.asyncDispose]();
    await expect(send(SELECT_JPKI)).rejects.toThrow(CardRemovedError);
    card.powerOn();
    await expect(send(SELECT_JPKI)).rejects.toThrow(CardRemovedError);
  });

  test('counts commands and VERIFYs with data', async () => {
    const { card, words } = await makeCard();
    await words(SELECT_JPKI, '00200098', '0020009800', VERIFY_AUTH, WRONG_AUTH, '00210098 04 30303030');
    expect(card.commandCount).toBe(6);
    expect(card.verifyCount).toBe(3);
  });

  test('tells the tries left without a command', async () => {
    const { card, words } = await makeCard();
    await words(SELECT_JPKI, WRONG_AUTH);
    expect([await card.triesLeft('sign'), await card.triesLeft('auth')]).toEqual([5, 2]);
    expect(card.commandCount).toBe(2);
  });

  test('answers 6F00 to the first command after power-up when asked to, and never after a warm reset', async () => {
    const { card, words } = await makeCard({ firstCommandFails: true });
    expect(await words(SELECT_JPKI, '00A40000', SELECT_JPKI)).toEqual(['6F00', '6A86', '9000']);
    card.reset();
    expect(await words(SELECT_JPKI)).toEqual(['9000']);
    card.powerOff();
    card.powerOn();
    expect(await words(SELECT_JPKI, SELECT_JPKI)).toEqual(['6F00', '9000']);
  });
});

describe('the personas', () => {
  test('are all there, by unique names, with public PINs and words about what is assumed', () => {
    expect(personas.map(({ name }) => name)).toEqual([
      'adult',
      'child',
      'no-certificates',
      'face-auth',
      'foreign-resident',
      'expired',
      'revoked',
      'blocked',
      'phone-android',
      'phone-iphone',
      'generation-1',
      'generation-2',
      'generation-3',
      'juki',
    ]);
    for (const { description, documented } of personas) {
      expect(description.ja).toMatch(/[\p{L}]/u);
      expect(description.en).toMatch(/[a-z]/);
      expect(documented.length).toBeGreaterThan(0);
    }
  });

  test('say in EF 0008 which certificates they have, and have no files for those they have not', async () => {
    const answers = async (persona: 'adult' | 'child' | 'no-certificates' | 'face-auth') => {
      const { send, words } = await makeCard({ persona });
      await send(SELECT_JPKI);
      const files = ['0001', '0002', '001A', '001B', '000A', '000B', '0017', '0018'];
      const found = await words(...files.map((id) => `00A4020C02${id}`));
      return [(await send('00B0880000')).slice(0, 6), ...found.map((sw) => (sw === '9000' ? 1 : 0))].join(
        ' ',
      );
    };
    expect(await answers('adult')).toBe('8F8F00 1 1 1 1 1 1 1 1');
    expect(await answers('child')).toBe('008F00 0 0 0 0 1 1 1 1');
    expect(await answers('no-certificates')).toBe('000000 0 0 0 0 0 0 0 0');
    expect(await answers('face-auth')).toBe('008F00 0 0 0 0 1 1 1 0');
  });

  test('with a token file alone answer 6A82 to every other one', async () => {
    for (const [persona, label] of [
      ['phone-iphone', 'JPKIAPIOSTOKEN'],
      ['juki', 'JPKIAPICCTOKEN'],
    ] as const) {
      const { send, words } = await makeCard({ persona });
      await send(SELECT_JPKI);
      expect(
        Buffer.from(await send('00B0860020'), 'hex')
          .toString('latin1')
          .slice(0, 32),
      ).toBe(label.padEnd(32));
      expect(await words('00B0880001', '00A4020C020001', '00A4020C020018', '00A4020C02000A')).toEqual(
        Array(4).fill('6A82'),
      );
    }
  });

  test('that do not exist are refused by name', () => {
    expect(() => personaNamed('nobody')).toThrow(/there are adult, child/);
  });
});
