import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardMaker, SELECT_JPKI, VERIFY_AUTH, VERIFY_SIGN } from '../../test/card-at-hand.ts';

const makeCard = await cardMaker();

describe('the card', () => {
  test('refuses other channels, secure messaging, classes and instructions', async () => {
    const { words } = await makeCard();
    await words(SELECT_JPKI, '00A4020C020006');
    expect(await words('01B0000001', '03A4040C01D3', '09B0000001')).toEqual(['6881', '6881', '6881']);
    expect(await words('08A4040C01D3', '0CA4040C01D3')).toEqual(['6882', '6882']);
    expect(await words('08B0000001', '0CB0000001', '08200098', '08840000', '04B0000001')).toEqual([
      '69FC',
      '69FC',
      '69FC',
      '6882',
      '69FC',
    ]);
    expect(await words('10B0000001', '40B0000001', '81B00001', 'A0B0000001', 'FFCA000000')).toEqual(
      Array(5).fill('6E00'),
    );
    expect(await words('00C0000000', '00DA000000', '80B0000001', '80200098', '002A009700')).toEqual(
      Array(5).fill('6D00'),
    );
  });

  test('answers 6700 to what is no command APDU', async () => {
    const { words } = await makeCard();
    expect(await words('00', '00A404', '00A4040C05D3', '00A4040C000000', '00A4040C0000')).toEqual(
      Array(5).fill('6700'),
    );
  });

  test('makes random bytes of exactly the length asked for, in an application and outside', async () => {
    const { send, words } = await makeCard();
    for (const place of [async () => undefined, () => send(SELECT_JPKI)]) {
      await place();
      expect(await send('0084000008')).toMatch(/^[0-9A-F]{16}9000$/);
      expect(await send('0084000000')).toHaveLength(2 * 258);
      expect(await send('0084000010')).not.toBe(await send('0084000010'));
    }
    expect(await words('0084010008', '0084000108', '00840000000008', '00840000', '008400000100')).toEqual([
      '6A86',
      '6A86',
      '6985',
      '6700',
      '6700',
    ]);
  });

  test('has no use for the other commands told of', async () => {
    const { words } = await makeCard();
    await words(SELECT_JPKI, VERIFY_AUTH, VERIFY_SIGN);
    expect(await words('00880097010100', '00880080010100', '00880086010100')).toEqual([
      '6982',
      '6982',
      '6981',
    ]);
    expect(await words(`80AE0000000100${'00'.repeat(256)}`, '80FC0000', '00CA004200')).toEqual([
      '6982',
      '6700',
      '6A88',
    ]);
    expect(await words(`80A200C1000100${'00'.repeat(256)}`, '80A206C1000133')).toEqual(['6700', '6700']);
    expect(await words('80A20000', '80A200AE', '80A28000', '80A200B6')).toEqual(Array(4).fill('6A86'));
  });

  test('answers any bytes with a response APDU, and never more than it was asked for', async () => {
    const { card } = await makeCard();
    const command = fc.tuple(
      fc.constantFrom(0x00, 0x80, 0x08, 0x01),
      fc.constantFrom(0xa4, 0xb0, 0xb2, 0x20, 0x84, 0x88, 0xca, 0x2a, 0xa2),
      fc.uint8Array({ maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(command, fc.tuple(fc.nat(255), fc.nat(255), fc.uint8Array())),
        async (parts) => {
          const [cla, ins, rest] = parts;
          const answer = await card.transmit(Uint8Array.of(cla, ins, ...rest));
          expect(answer.length).toBeGreaterThanOrEqual(2);
          expect([0x90, 0x63, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6d, 0x6e]).toContain(answer.at(-2));
          if (answer.at(-2) !== 0x90) expect(answer).toHaveLength(2);
        },
      ),
      { numRuns: 500 },
    );
  });
});
