import { describe, expect, test } from 'vitest';
import { cardMaker, SELECT_ISD, SELECT_JPKI } from '../../test/card-at-hand.ts';

const makeCard = await cardMaker();

describe('SELECT by DF name', () => {
  test('takes the full name, with and without Le, and returns no data', async () => {
    const { send } = await makeCard();
    expect(await send(SELECT_JPKI)).toBe('9000');
    expect(await send('00A404000AD392F00026010000000100')).toBe('9000');
    expect(await send(SELECT_ISD)).toBe('9000');
  });

  test('takes a part of the name', async () => {
    const { words } = await makeCard();
    expect(await words('00A4040C01D3', '00A4020C020006', '00A4040C03A00000', '00A4020C020006')).toEqual([
      '9000',
      '9000',
      '9000',
      '6A82',
    ]);
  });

  test('of an application that is not there leaves everything selected', async () => {
    const { words } = await makeCard();
    const unknown = '00A4040C0AD3921000310001010403';
    expect(await words(SELECT_JPKI, '00A4020C020006', unknown, '00B0000001')).toEqual([
      '9000',
      '9000',
      '6A82',
      '9000',
    ]);
    expect(await words('00A4040C0BD392F00026010000000100')).toEqual(['6A82']);
  });

  test('refuses no name, a too long one, the next occurrence and other P2', async () => {
    const { words } = await makeCard();
    const tooLong = `00A4040C11${'D3'.repeat(17)}`;
    expect(await words('00A4040C', tooLong, '00A4040201D3', '00A4040101D3')).toEqual([
      '6700',
      '6700',
      '6A82',
      '6A86',
    ]);
  });
});

describe('SELECT EF', () => {
  test('works with P1 = 02 alone', async () => {
    const { words } = await makeCard();
    await words(SELECT_JPKI);
    expect(
      await words('00A4020C020006', '00A4090C020006', '00A4010C020006', '00A4080C020006', '00A4030C'),
    ).toEqual(['9000', '6A86', '6A86', '6A86', '6A86']);
  });

  test.each(['0001', '0002', '0005', '0006', '0008', '0009', '000A', '000B', '0010', '0016'])(
    'finds %s',
    async (id) => {
      const { words } = await makeCard();
      expect(await words(SELECT_JPKI, `00A4020C02${id}`)).toEqual(['9000', '9000']);
    },
  );

  test.each(['0017', '0018', '0019', '001A', '001B', '001C', '001E'])('finds the internal %s', async (id) => {
    const { words } = await makeCard();
    expect(await words(SELECT_JPKI, `00A4020C02${id}`)).toEqual(['9000', '9000']);
  });

  test('answers 6A82 for another one and outside an application, 6700 for half an identifier', async () => {
    const { words } = await makeCard();
    expect(await words('00A4020C020006', SELECT_JPKI, '00A4020C020003', '00A4020C0106')).toEqual([
      '6A82',
      '9000',
      '6A82',
      '6700',
    ]);
  });
});

describe('SELECT MF', () => {
  test('is 6A86 after power-up, 9000 without effect in an application, and 6A82 by identifier', async () => {
    const { words } = await makeCard();
    expect(await words('00A40000', '00A4000C023F00')).toEqual(['6A86', '6A82']);
    expect(
      await words(SELECT_JPKI, '00A4020C020006', '00A40000', '00B0000001', '00A40000023F00', '00B0000001'),
    ).toEqual(['9000', '9000', '9000', '9000', '6A82', '9000']);
  });
});
